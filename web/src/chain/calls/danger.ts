/** Which calls deserve a second look before they are signed. */
import type { Language } from '../../i18n/setup';
import { type Arguments, variantOf } from './sentences/sentence';
import { ALL_PERMISSIONS } from './vocabulary';

/**
 * `critical`: it can change the rules of the chain, or give an account away.
 * `careful`: it cannot be undone, or concerns everybody.
 */
export type DangerLevel = 'careful' | 'critical';

export interface Danger {
  level: DangerLevel;
  reason: string;
}

type Reason =
  | 'account'
  | 'blind'
  | 'everything'
  | 'everybody'
  | 'final'
  | 'membership'
  | 'money'
  | 'network'
  | 'power'
  | 'rules'
  | 'spending'
  | 'treasury';

const REASONS: Readonly<Record<Reason, Readonly<Record<Language, string>>>> = {
  account: {
    en: 'Somebody else will be able to do everything with your account.',
    zh: '对方将可以对您的账户进行任何操作。',
  },
  blind: {
    en: 'Only a hash is signed: ask for the call itself and compare before you agree.',
    zh: '此处只对哈希签名：请先取得原始操作并核对后再同意。',
  },
  everybody: { en: 'This concerns everybody on the chain.', zh: '该操作影响全链所有参与方。' },
  everything: { en: 'Your whole balance is moved.', zh: '将转出您的全部余额。' },
  final: { en: 'This cannot be undone.', zh: '该操作不可撤销。' },
  membership: { en: 'This changes who has power in the consortium.', zh: '该操作改变联盟内的权力归属。' },
  money: { en: 'This moves or changes money without its owner.', zh: '该操作不经所有者同意变动其资金。' },
  network: {
    en: 'This decides whose machines may join the network.',
    zh: '该操作决定哪些节点可以接入网络。',
  },
  power: {
    en: 'This uses the highest power of the chain, for which nothing is forbidden.',
    zh: '该操作使用链上最高权限，不受任何限制。',
  },
  rules: {
    en: 'This changes the rules or the state of the chain directly.',
    zh: '该操作直接修改链的规则或状态。',
  },
  spending: {
    en: 'Somebody else will be able to pay from your account. The limit holds for each transfer: there may be many.',
    zh: '对方将可以从您的账户付款。限额仅针对每笔转账，笔数不限。',
  },
  treasury: {
    en: 'Once the company is admitted, whoever governs it moves the money of this account.',
    zh: '该公司获准后，其管理者可动用本账户的资金。',
  },
};

type Rule =
  | readonly [DangerLevel, Reason]
  | ((args: Arguments) => readonly [DangerLevel, Reason] | undefined);

const giveAway: Rule = ({ proxy_type }) => {
  const kind = variantOf(proxy_type);
  if (kind === 'Any') return ['critical', 'account'];
  return kind === 'Spending' ? ['careful', 'spending'] : undefined;
};

const RULES: Readonly<Record<string, Rule>> = {
  'Balances.burn': ['careful', 'final'],
  'Balances.force_adjust_total_issuance': ['critical', 'money'],
  'Balances.force_set_balance': ['critical', 'money'],
  'Balances.force_transfer': ['critical', 'money'],
  'Balances.force_unreserve': ['critical', 'money'],
  'Balances.transfer_all': ['careful', 'everything'],
  'Beefy.set_new_genesis': ['critical', 'everybody'],
  'Consortium.accept_treasury': ['careful', 'treasury'],
  'Consortium.admit': ['careful', 'membership'],
  'Consortium.appoint_admin': ['critical', 'membership'],
  'Consortium.attest_paper': ['careful', 'final'],
  'Consortium.enact': ['critical', 'power'],
  'Consortium.expel': ['critical', 'final'],
  'Consortium.grant_role': ({ permissions }) =>
    permissions === ALL_PERMISSIONS || (typeof permissions === 'number' && (permissions & 1) === 1)
      ? ['careful', 'membership']
      : undefined,
  'Consortium.move_seat': ['careful', 'membership'],
  'Consortium.renew': ['careful', 'membership'],
  'Consortium.set_active': ['careful', 'membership'],
  'Council.disapprove_proposal': ['careful', 'membership'],
  'Council.kill': ['careful', 'membership'],
  'Council.set_members': ['critical', 'membership'],
  'Drivers.set_account': ['careful', 'final'],
  'Grandpa.note_stalled': ['critical', 'everybody'],
  'MultiBlockMigrations.clear_historic': ['critical', 'rules'],
  'MultiBlockMigrations.force_onboard_mbms': ['critical', 'rules'],
  'MultiBlockMigrations.force_set_active_cursor': ['critical', 'rules'],
  'MultiBlockMigrations.force_set_cursor': ['critical', 'rules'],
  'Babe.plan_config_change': ['critical', 'everybody'],
  'Multisig.approve_as_multi': ['careful', 'blind'],
  'Nodes.remove_by_council': ['careful', 'network'],
  'Nodes.set_permissioned': ['careful', 'network'],
  'Nodes.unregister': ['careful', 'network'],
  'Parameters.set_parameter': ['careful', 'everybody'],
  'Proxy.add_proxy': giveAway,
  'Proxy.announce': ['careful', 'blind'],
  'Proxy.kill_pure': ['critical', 'final'],
  'SafeMode.enter': ['critical', 'everybody'],
  'SafeMode.extend': ['critical', 'everybody'],
  'SafeMode.force_enter': ['critical', 'everybody'],
  'SafeMode.force_exit': ['careful', 'everybody'],
  'SafeMode.force_extend': ['critical', 'everybody'],
  'SafeMode.force_slash_deposit': ['critical', 'money'],
  'Session.purge_keys': ['careful', 'membership'],
  'System.apply_authorized_upgrade': ['critical', 'rules'],
  'System.authorize_upgrade': ['critical', 'rules'],
  'System.authorize_upgrade_without_checks': ['critical', 'rules'],
  'System.kill_prefix': ['critical', 'rules'],
  'System.kill_storage': ['critical', 'rules'],
  'System.set_code': ['critical', 'rules'],
  'System.set_code_without_checks': ['critical', 'rules'],
  'System.set_heap_pages': ['critical', 'rules'],
  'System.set_storage': ['critical', 'rules'],
  'Telemetry.declare_loss': ['careful', 'final'],
  'TxPause.pause': ['careful', 'everybody'],
  'TxPause.unpause': ['careful', 'everybody'],
  'Utility.dispatch_as': ['critical', 'power'],
  'Utility.dispatch_as_fallible': ['critical', 'power'],
  'Validators.add_validator': ['careful', 'membership'],
  'Validators.remove_validator': ['careful', 'membership'],
  'Vehicles.set_status': ({ status }) =>
    variantOf(status) === 'Scrapped' ? ['careful', 'final'] : undefined,
};

/** The danger of one call, without those nested in it. */
export function dangerOf(
  pallet: string,
  call: string,
  args: Arguments,
  language: Language,
): Danger | undefined {
  const rule = RULES[`${pallet}.${call}`];
  const found = typeof rule === 'function' ? rule(args) : rule;
  return found && { level: found[0], reason: REASONS[found[1]][language] };
}

/** The graver of two dangers. */
export function graver(a: Danger | undefined, b: Danger | undefined): Danger | undefined {
  if (!a || !b) return a ?? b;
  return a.level === 'critical' || b.level === 'careful' ? a : b;
}

/** All calls that are marked, as `Pallet.call`. */
export function markedCalls(): string[] {
  return Object.keys(RULES);
}

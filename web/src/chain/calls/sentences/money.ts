/** Balances, and keys that act for others: batches, multisig, proxies. */
import { given, type Sentences } from './sentence';

export const balances: Sentences = {
  transfer_allow_death: {
    en: 'Transfer {value} to {dest}. This may empty your account.',
    zh: '向 {dest} 转账 {value}，您的账户余额可以转空。',
  },
  transfer_keep_alive: { en: 'Transfer {value} to {dest}.', zh: '向 {dest} 转账 {value}。' },
  transfer_all: {
    en: 'Transfer everything that can be moved to {dest}.',
    zh: '将全部可用余额转给 {dest}。',
  },
  force_transfer: {
    en: 'Move {value} from {source} to {dest} without asking {source}.',
    zh: '不经 {source} 同意，将其 {value} 转给 {dest}。',
  },
  force_unreserve: { en: 'Free {amount} that {who} has reserved.', zh: '解除 {who} 被保留的 {amount}。' },
  upgrade_accounts: {
    en: 'Bring {who|count} accounts to the present format.',
    zh: '将 {who|count} 个账户升级到当前格式。',
  },
  force_set_balance: {
    en: 'Set the balance of {who} to {new_free}, whatever it was.',
    zh: '将 {who} 的余额强制设为 {new_free}。',
  },
  force_adjust_total_issuance: {
    en: 'Change the total of all money by {delta}: {direction}.',
    zh: '将货币总发行量调整 {delta}：{direction}。',
  },
  burn: {
    en: 'Destroy {value} of your money. The chain refuses this.',
    zh: '销毁您的 {value}。本链不允许此操作。',
  },
};

export const utility: Sentences = {
  batch: {
    en: 'Do these {calls|count} things one after the other, and stop at the first that fails:',
    zh: '依次执行以下 {calls|count} 项操作，遇到失败即停止：',
  },
  batch_all: {
    en: 'Do these {calls|count} things, all or none:',
    zh: '执行以下 {calls|count} 项操作，全部成功或全部撤销：',
  },
  force_batch: {
    en: 'Do these {calls|count} things, going on when one fails:',
    zh: '执行以下 {calls|count} 项操作，个别失败不影响其余：',
  },
  as_derivative: {
    en: 'With your derived account number {index}, do:',
    zh: '以您的第 {index} 号派生账户执行：',
  },
  dispatch_as: { en: 'Acting as {as_origin}, do:', zh: '以 {as_origin} 的身份执行：' },
  dispatch_as_fallible: {
    en: 'Acting as {as_origin}, do, or fail if it fails:',
    zh: '以 {as_origin} 的身份执行（失败则整体失败）：',
  },
  with_weight: {
    en: 'With an allowance of weight that is set by hand, do:',
    zh: '以手工指定的权重额度执行：',
  },
  if_else: {
    en: 'Do the first, and if it fails the second:',
    zh: '执行第一项，失败则执行第二项：',
  },
};

export const multisig: Sentences = {
  as_multi_threshold_1: {
    en: 'For the account that you share with {other_signatories}, any one of you alone, do:',
    zh: '以您与 {other_signatories} 的共管账户（任一人即可）执行：',
  },
  as_multi: ({ maybe_timepoint }) =>
    given(maybe_timepoint)
      ? {
          en: 'Agree, for the account that you share with {other_signatories} ({threshold} of you have to), to:',
          zh: '作为您与 {other_signatories} 的共管账户（须 {threshold} 人同意）的成员，同意：',
        }
      : {
          en: 'Propose, for the account that you share with {other_signatories} ({threshold} of you have to agree):',
          zh: '为您与 {other_signatories} 的共管账户（须 {threshold} 人同意）发起：',
        },
  approve_as_multi: {
    en: 'Agree, for the account that you share with {other_signatories} ({threshold} of you have to), to the call with hash {call_hash|hash}. What it does cannot be seen here.',
    zh: '作为您与 {other_signatories} 的共管账户（须 {threshold} 人同意）的成员，同意哈希为 {call_hash|hash} 的操作。此处无法查看其内容。',
  },
  cancel_as_multi: {
    en: 'Withdraw your proposal with hash {call_hash|hash} for the account that you share with {other_signatories}.',
    zh: '撤回您为与 {other_signatories} 的共管账户发起的、哈希为 {call_hash|hash} 的操作。',
  },
  poke_deposit: {
    en: 'Adjust the deposit of your proposal with hash {call_hash|hash} to the present rates.',
    zh: '按当前标准调整哈希为 {call_hash|hash} 的共管操作押金。',
  },
};

export const proxy: Sentences = {
  proxy: { en: 'On behalf of {real}, do:', zh: '代表 {real} 执行：' },
  proxy_announced: {
    en: 'On behalf of {real}, do what {delegate} has announced:',
    zh: '代表 {real} 执行 {delegate} 预告过的操作：',
  },
  add_proxy: ({ delay }) =>
    delay === 0
      ? {
          en: 'Let {delegate} act for your account: {proxy_type}.',
          zh: '允许 {delegate} 代理您的账户：{proxy_type}。',
        }
      : {
          en: 'Let {delegate} act for your account: {proxy_type}, announced {delay|blocks} before.',
          zh: '允许 {delegate} 代理您的账户：{proxy_type}，须提前 {delay|blocks}预告。',
        },
  remove_proxy: {
    en: 'Stop {delegate} from acting for your account: {proxy_type}.',
    zh: '取消 {delegate} 对您账户的代理：{proxy_type}。',
  },
  remove_proxies: {
    en: 'Stop everybody from acting for your account.',
    zh: '取消您账户的全部代理。',
  },
  create_pure: {
    en: 'Make an account without a key, number {index}, for which you act: {proxy_type}.',
    zh: '创建由您代理的无密钥账户，编号 {index}：{proxy_type}。',
  },
  kill_pure: {
    en: 'Give up the account without a key that {spawner} made. Whatever is in it is lost.',
    zh: '放弃由 {spawner} 创建的无密钥账户，其中资产将无法找回。',
  },
  announce: {
    en: 'Announce that you will do the call with hash {call_hash|hash} on behalf of {real}.',
    zh: '预告将代表 {real} 执行哈希为 {call_hash|hash} 的操作。',
  },
  remove_announcement: {
    en: 'Withdraw the announcement of the call with hash {call_hash|hash} on behalf of {real}.',
    zh: '撤回代表 {real} 执行哈希为 {call_hash|hash} 的操作的预告。',
  },
  reject_announcement: {
    en: 'Refuse what {delegate} announced: the call with hash {call_hash|hash}.',
    zh: '拒绝 {delegate} 预告的、哈希为 {call_hash|hash} 的操作。',
  },
  poke_deposit: {
    en: 'Adjust the deposit of your proxies to the present rates.',
    zh: '按当前标准调整您的代理押金。',
  },
};

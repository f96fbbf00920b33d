// A key that shall act for an account, as a person fills it in: read strictly into what the chain takes.
import type { ProxyKey } from '../../../chain/proxies';
import { accountHex, isAccount, ss58 } from '../../../format/ids';
import { parseMoney } from '../../../format/money';

/** `MaxProxies` of the runtime. */
export const mostProxies = 32;
/** The largest number of blocks that the chain can count. */
const mostBlocks = 0xffff_ffff;

export interface Draft {
  readonly delegate: string;
  readonly kind: string | undefined;
  /** Of `Spending`: in yuan. */
  readonly most: string;
  /** In blocks. Empty: none. */
  readonly delay: string;
}

export type Trouble =
  | 'empty'
  | 'notAccount'
  /** An account needs no key to act for itself. */
  | 'itself'
  | 'notMoney'
  /** Of nothing nothing can be paid. */
  | 'nothing'
  | 'notNumber'
  /** The chain keeps the same only once. */
  | 'same'
  | 'tooMany';
export type Field = 'delegate' | 'kind' | 'most' | 'delay';

export interface Read {
  /** Missing: something is wrong. */
  readonly proxy: ProxyKey | undefined;
  readonly troubles: ReadonlyMap<Field, Trouble>;
}

/**
 * @param account for which it shall act, in SS58
 * @param present those that act for it already
 */
export function readProxy(draft: Draft, account: string, present: readonly ProxyKey[]): Read {
  const troubles = new Map<Field, Trouble>();
  const note = (field: Field, trouble: Trouble | undefined) => trouble && troubles.set(field, trouble);
  const delegate = draft.delegate.trim();
  note('delegate', delegateTrouble(delegate, account));
  note('kind', draft.kind === undefined ? 'empty' : undefined);
  const most = draft.kind === 'Spending' ? moneyOf(draft.most) : undefined;
  if (typeof most === 'string') note('most', most);
  const delay = delayOf(draft.delay.trim());
  if (delay === undefined) note('delay', 'notNumber');
  if (troubles.size > 0 || draft.kind === undefined || delay === undefined || typeof most === 'string')
    return { proxy: undefined, troubles };
  const kind = { type: draft.kind, value: most === undefined ? undefined : { most } };
  const proxy = { delegate: ss58(delegate), kind, delay };
  if (present.length >= mostProxies) note('delegate', 'tooMany');
  else if (present.some((one) => isSame(one, proxy))) note('delegate', 'same');
  return { proxy: troubles.size > 0 ? undefined : proxy, troubles };
}

function delegateTrouble(delegate: string, account: string): Trouble | undefined {
  if (delegate === '') return 'empty';
  if (!isAccount(delegate)) return 'notAccount';
  return accountHex(delegate) === accountHex(account) ? 'itself' : undefined;
}

function moneyOf(typed: string): bigint | Trouble {
  const read = parseMoney(typed);
  if (!read.ok) return read.trouble === 'empty' ? 'empty' : 'notMoney';
  if (read.value < 0n) return 'notMoney';
  return read.value === 0n ? 'nothing' : read.value;
}

function delayOf(text: string): number | undefined {
  if (text === '') return 0;
  const count = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  return count <= mostBlocks ? count : undefined;
}

function isSame(one: ProxyKey, other: ProxyKey): boolean {
  return (
    one.delegate === other.delegate &&
    one.delay === other.delay &&
    one.kind.type === other.kind.type &&
    one.kind.value?.most === other.kind.value?.most
  );
}

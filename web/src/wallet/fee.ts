/** Who bears the fee of a transaction, and what keeps it from being signed. */
import type { Allowance } from '../chain/allowance';
import type { Draft } from './transaction';

type Charged = Pick<Draft, 'fee' | 'payer'>;

/** `none`: no fee is due. `allowance`: it is within that of the account's company. `account`: it is paid in money. */
export function bearerOf({ fee, payer }: Charged): 'none' | 'allowance' | 'account' {
  if (fee === 0n) return 'none';
  return payer !== undefined && payer.left >= fee ? 'allowance' : 'account';
}

export type Blocker =
  | 'otherNetwork'
  /** Nobody pays, but the chain does not know the account. */
  | 'absent'
  /** The allowance has no room for now, and the account has not the money. */
  | 'usedUp'
  | 'poor';

/** Why a draft cannot be signed, if it cannot. */
export function blockerOf(
  draft: Charged & Pick<Draft, 'account' | 'balance' | 'genesis'>,
): Blocker | undefined {
  const { account, genesis, balance, fee, payer } = draft;
  if (account.genesis !== undefined && account.genesis !== genesis) return 'otherNetwork';
  if (bearerOf(draft) !== 'account') return balance.exists ? undefined : 'absent';
  if (fee <= balance.payable) return undefined;
  return balance.exists && payer !== undefined && blocksUntil(payer, fee) !== undefined ? 'usedUp' : 'poor';
}

/** Blocks until an allowance has room for a fee, if nobody uses it meanwhile. Undefined: it never has. */
export function blocksUntil({ left, max, recovery }: Allowance, fee: bigint): number | undefined {
  if (left >= fee) return 0;
  if (fee > max || recovery === 0n) return undefined;
  return Number((fee - left + recovery - 1n) / recovery);
}

/** How much of an allowance is left, in whole hundredths. */
export function percentLeft({ left, max }: Allowance): number {
  return max === 0n ? 0 : Number((left * 100n) / max);
}

/** Money of an account. */
import { from, type Observable } from 'rxjs';
import { distinctUntilChanged, switchMap } from 'rxjs/operators';
import * as v from 'valibot';
import type { Chain } from './connection';

/** In units of 10⁻⁶ CNY. */
export interface Balance {
  /** Not on hold. A frozen part of it cannot be moved. */
  free: bigint;
  /** On hold: deposits, and money promised to others. */
  reserved: bigint;
  frozen: bigint;
  /** What can be moved or pay a fee now. */
  spendable: bigint;
}

const Account = v.object({
  data: v.object({ free: v.bigint(), reserved: v.bigint(), frozen: v.bigint() }),
});

/** The balance at a block, or at the best one. An account that the chain does not know has nothing. */
export async function balanceOf(chain: Chain, address: string, at?: string): Promise<Balance> {
  const value = await chain.read('System', 'Account', [address], at);
  if (value === undefined) return { free: 0n, reserved: 0n, frozen: 0n, spendable: 0n };
  const { free, reserved, frozen } = v.parse(Account, value).data;
  // What is on hold counts towards what is frozen.
  const locked = frozen > reserved ? frozen - reserved : 0n;
  return { free, reserved, frozen, spendable: free > locked ? free - locked : 0n };
}

/** The balance after each block. */
export function balance$(chain: Chain, address: string): Observable<Balance> {
  return chain.best$.pipe(
    switchMap((head) => from(balanceOf(chain, address, head.hash))),
    distinctUntilChanged((a, b) => a.free === b.free && a.reserved === b.reserved && a.frozen === b.frozen),
  );
}

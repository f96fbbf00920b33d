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
  /** What can be moved now. */
  spendable: bigint;
  /** What can pay a fee now: the same without a last unit, for no fee may end an account. */
  payable: bigint;
  /** Whether the chain knows the account. It takes transactions of no other, whoever pays for them. */
  exists: boolean;
}

/** The least that an account has: one unit, the runtime's existential deposit. */
const LEAST = 1n;

const Account = v.object({
  providers: v.number(),
  sufficients: v.number(),
  data: v.object({ free: v.bigint(), reserved: v.bigint(), frozen: v.bigint() }),
});

/** The balance at a block, or at the best one. An account that the chain does not know has nothing. */
export async function balanceOf(chain: Pick<Chain, 'read'>, address: string, at?: string): Promise<Balance> {
  const value = await chain.read('System', 'Account', [address], at);
  if (value === undefined)
    return { free: 0n, reserved: 0n, frozen: 0n, spendable: 0n, payable: 0n, exists: false };
  const { providers, sufficients, data } = v.parse(Account, value);
  const { free, reserved, frozen } = data;
  // What is on hold counts towards what is frozen.
  const locked = frozen > reserved ? frozen - reserved : 0n;
  const kept = locked > LEAST ? locked : LEAST;
  return {
    free,
    reserved,
    frozen,
    spendable: free > locked ? free - locked : 0n,
    payable: free > kept ? free - kept : 0n,
    exists: providers + sufficients > 0,
  };
}

/** The balance after each block. */
export function balance$(chain: Chain, address: string): Observable<Balance> {
  return chain.best$.pipe(
    switchMap((head) => from(balanceOf(chain, address, head.hash))),
    distinctUntilChanged((a, b) => a.free === b.free && a.reserved === b.reserved && a.frozen === b.frozen),
  );
}

import { useMemo } from 'react';
import { accountHex } from '../../../format/ids';
import { useAsk } from '../../../index/hooks';
import { moneyQuery } from './queries';

export interface Money {
  readonly free: bigint;
  readonly held: bigint;
}

/** What accounts have, as the index knows it; undefined of those that it does not know. */
export function useMoney(
  accounts: ReadonlyArray<string | null>,
): (account: string | null) => Money | undefined {
  const asked = accounts.filter((account) => account !== null).map(accountHex);
  const { data } = useAsk(
    moneyQuery,
    { accounts: asked },
    { enabled: asked.length > 0, refetchInterval: 15_000, keepPrevious: true },
  );
  return useMemo(() => {
    const known = new Map<string, Money>();
    for (const { account, free, held } of data?.balances ?? []) {
      if (account !== null && free !== null)
        known.set(account, { free: BigInt(free), held: BigInt(held ?? '0') });
    }
    return (account) => (account === null ? undefined : known.get(accountHex(account)));
  }, [data]);
}

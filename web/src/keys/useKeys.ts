import { useQuery } from '@tanstack/react-query';
import { useMemo, useSyncExternalStore } from 'react';
import type { Multisig } from '../chain/multisig';
import type { Keys } from '../chain/proxies';
import { openPortalChain } from '../chain/shared';
import { accountHex } from '../format/ids';
import { useAsk } from '../index/hooks';
import { followMultisigs, keptFor, keptMultisigs } from '../wallet/multisigs';
import { sharedQuery } from './queries';
import { sharedBy } from './shared';

/** The key of what a node answered about the keys of an account, in the cache. */
export const keysKey = (account: string) => ['chain', 'keys', account] as const;

/** Which keys act for an account, and what they announced, as the node says. */
export function useKeys(account: string) {
  return useQuery({
    queryKey: keysKey(account),
    queryFn: async (): Promise<Keys> => {
      const [chain, { keysOf }] = await Promise.all([openPortalChain(), import('../chain/proxies')]);
      await chain.ready(15_000);
      return keysOf(chain, account);
    },
    refetchInterval: 12_000,
    retry: 1,
  });
}

/** Who holds an account together, and how that is known. */
export interface Shared {
  readonly multisig: Multisig;
  readonly from: 'browser' | 'chain';
}

/** Undefined: nobody knows of several. */
export function useShared(account: string): Shared | undefined {
  const kept = useSyncExternalStore(followMultisigs, keptMultisigs);
  const { data } = useAsk(sharedQuery, { account: [accountHex(account)] }, { staleTime: 60_000 });
  return useMemo(() => {
    const rows = (data?.events ?? []).flatMap(({ extrinsic }) => (extrinsic === null ? [] : [extrinsic]));
    const signed = sharedBy(account, rows);
    if (signed !== undefined) return { multisig: signed, from: 'chain' };
    const told = keptFor(account, kept);
    return told === undefined ? undefined : { multisig: told, from: 'browser' };
  }, [account, data, kept]);
}

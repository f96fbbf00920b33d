import { useQuery } from '@tanstack/react-query';
import { openPortalChain } from '../../../chain/shared';
import type { ChainSettings } from './chainSettings';

/** What runs on the chain and what the council has set, as the node says it now. */
export function useChainSettings(): ChainSettings | undefined {
  const { data } = useQuery({
    queryKey: ['chain', 'settings'],
    queryFn: async () => {
      const [chain, { chainSettings }] = await Promise.all([openPortalChain(), import('./chainSettings')]);
      return chainSettings(chain);
    },
    // The metadata is a large object that never changes by itself: it is not compared field by field.
    structuralSharing: false,
    refetchInterval: 15_000,
    // A node that does not answer is asked until it does: the page says so meanwhile.
    retry: true,
    retryDelay: 2_000,
  });
  return data;
}

import type { UseQueryResult } from '@tanstack/react-query';
import { useQuery } from '@tanstack/react-query';
import { openChain } from '../../../chain/shared';
import { connectedNode } from '../node/useNode';
import { type NodeSets, setsOf } from './sets';

/** What the connected node says of the validators at the block that was signed. */
export function useSets(block: number | undefined): UseQueryResult<NodeSets, Error> {
  return useQuery<NodeSets, Error>({
    queryKey: ['node', connectedNode(), 'beefy sets', block ?? null],
    enabled: block !== undefined,
    queryFn: async () => {
      const chain = await openChain({ node: connectedNode() });
      await chain.ready(15_000);
      return setsOf(chain, block ?? 0);
    },
    staleTime: Number.POSITIVE_INFINITY,
    retry: 1,
  });
}

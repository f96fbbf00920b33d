// What the explorer asks a node by itself: what the index cannot know, and what should not be believed of it alone.
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState } from 'react';
import type { Observable, Subscription } from 'rxjs';
import type { Chain } from '../../../chain/connection';
import { openChain } from '../../../chain/shared';
import { portal } from '../../../portal';

/** The node that this deployment names. */
export function connectedNode(): string {
  return portal().node;
}

/** Asks the node once, and again after `staleTime` milliseconds when somebody looks. */
export function useNodeAnswer<T>(
  key: readonly unknown[],
  ask: (chain: Chain) => Promise<T>,
  staleTime = 10_000,
): UseQueryResult<T, Error> {
  return useQuery<T, Error>({
    queryKey: ['node', connectedNode(), ...key],
    queryFn: async () => {
      const chain = await openChain({ node: connectedNode() });
      await chain.ready(15_000);
      return ask(chain);
    },
    staleTime,
    retry: 1,
  });
}

/** What the node tells as it goes on; `undefined` until it tells something. */
export function useNodeFollow<T>(watch: (chain: Chain) => Observable<T>): T | undefined {
  const [value, setValue] = useState<T>();
  const begin = useEffectEvent(watch);
  useEffect(() => {
    let running: Subscription | undefined;
    let isOver = false;
    openChain({ node: connectedNode() }).then(
      (chain) => {
        if (!isOver) running = begin(chain).subscribe({ next: setValue, error: () => setValue(undefined) });
      },
      // The chunk did not load: the page says that the node is not heard.
      () => setValue(undefined),
    );
    return () => {
      isOver = true;
      running?.unsubscribe();
    };
  }, []);
  return value;
}

// Whether the chain stands still, by what the service says: the height of its last final block, asked for now and then. The
// chain's own connection tells it at once, but brings polkadot-api along, which most pages never need.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { post } from '../api/http';

/** Blocks come every two seconds: nothing final for so long, and the chain stands still. As `chain/connection.ts` has it. */
const stalledAfterMs = 30_000;
const askedEveryMs = 20_000;

/** The last final block, and between which answers nothing came after it. */
export interface Seen {
  readonly block: number;
  /** When it was seen first and last, in ms. */
  readonly firstMs: number;
  readonly lastMs: number;
}

/** What is known after another answer. */
export function seenAfter(before: Seen | null, block: number, atMs: number): Seen {
  const firstMs = before?.block === block ? before.firstMs : atMs;
  return { block, firstMs, lastMs: atMs };
}

/** Whether so much time lies between two answers with the same block. */
export function isStill(seen: Seen): boolean {
  return seen.lastMs - seen.firstMs >= stalledAfterMs;
}

/** Since when no block became final, and the last that did; null while the chain goes on, and while nobody knows. */
export function useStandstill(): Seen | null {
  const { data: block = null, dataUpdatedAt } = useQuery({
    queryKey: ['standstill'],
    // Without a token: whoever only looks is not logged out by it.
    queryFn: async ({ signal }) => (await post('system_health', {}, null, { signal })).block ?? null,
    refetchInterval: askedEveryMs,
    retry: false,
  });
  const [seen, setSeen] = useState<Seen | null>(null);
  useEffect(() => {
    if (block !== null) setSeen((before) => seenAfter(before, block, dataUpdatedAt));
  }, [block, dataUpdatedAt]);
  return seen !== null && isStill(seen) ? seen : null;
}

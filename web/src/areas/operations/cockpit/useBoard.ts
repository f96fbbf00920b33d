import { useEffect, useState } from 'react';
import { useFollow, useMay } from '../../../api/hooks';
import { Board, type BoardCounts } from './board';

/** How often the figures change at most: a busy city pushes more often than anybody reads. */
const paceMs = 250;

/** What is under way now, live; the error when it cannot be followed. */
export function useBoard() {
  const isAllowed = useMay('ops_subscribe');
  const [board] = useState(() => new Board());
  const [counts, setCounts] = useState<BoardCounts>();
  // One for good: what is pushed right after the beginning must not be counted on one that is replaced by then.
  const [stale] = useState(() => ({ changes: 0 }));
  useEffect(() => {
    const timer = window.setInterval(() => {
      if (stale.changes === 0) return;
      stale.changes = 0;
      setCounts(board.counts());
    }, paceMs);
    return () => window.clearInterval(timer);
  }, [board, stale]);
  const error = useFollow('ops_subscribe', isAllowed ? {} : null, {
    begin: () => {
      board.clear();
      stale.changes += 1;
    },
    next: (change) => {
      board.apply(change);
      stale.changes += 1;
    },
  });
  return { isAllowed, counts, error };
}

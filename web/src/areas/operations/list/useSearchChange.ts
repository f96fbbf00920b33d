import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';

type Change = Readonly<Record<string, string | number | boolean | undefined>>;

/** Changes what the address says of the page; `undefined` leaves it out. A list begins at its first page again. */
export function useSearchChange(): (change: Change) => void {
  const navigate = useNavigate();
  return useCallback(
    (change) => {
      void navigate({
        to: '.',
        search: (old: Record<string, unknown>) => {
          const { cursor: _cursor, ...kept } = old;
          const changed = { ...kept, ...change };
          return Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== undefined));
        },
        resetScroll: false,
      } as Parameters<typeof navigate>[0]);
    },
    [navigate],
  );
}

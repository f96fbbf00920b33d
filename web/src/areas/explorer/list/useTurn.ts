import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { PageAt } from './paging';

/** Goes to another page of the same list, and keeps what else the address says. */
export function useTurn(): (to: PageAt) => void {
  const navigate = useNavigate();
  return useCallback(
    (to) => {
      void navigate({
        to: '.',
        search: (old: Record<string, unknown>) => {
          const { after: _after, before: _before, end: _end, size: _size, ...kept } = old;
          return { ...kept, ...to };
        },
        resetScroll: false,
      } as Parameters<typeof navigate>[0]);
    },
    [navigate],
  );
}

/** Sets something else that the address says, and begins at the first page. */
export function useChange(): (change: Readonly<Record<string, string | number | undefined>>) => void {
  const navigate = useNavigate();
  return useCallback(
    (change) => {
      void navigate({
        to: '.',
        search: (old: Record<string, unknown>) => {
          const { after: _after, before: _before, end: _end, ...kept } = old;
          const changed = { ...kept, ...change };
          return Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== undefined));
        },
        resetScroll: false,
      } as Parameters<typeof navigate>[0]);
    },
    [navigate],
  );
}

import { useSearch } from '@tanstack/react-router';
import { type PageAt, pageAt, type Window, windowOf } from '../list/paging';
import { useTurn } from '../list/useTurn';

/** The page of a list that stands on several pages: of an account, and of all money. */
export function usePlace(): { at: PageAt; window: Window; turn: (to: PageAt) => void } {
  const at = pageAt(useSearch({ strict: false }));
  return { at, window: windowOf(at), turn: useTurn() };
}

import { useSyncExternalStore } from 'react';

function media(query: string) {
  const list = window.matchMedia(query);
  return {
    follow: (changed: () => void) => {
      list.addEventListener('change', changed);
      return () => list.removeEventListener('change', changed);
    },
    now: () => list.matches,
  };
}

const queries = new Map<number, ReturnType<typeof media>>();

/** Whether the window is narrower than so many pixels; 768 where nothing is said: a phone. */
export function useNarrow(below = 768): boolean {
  const known = queries.get(below) ?? media(`(max-width: ${below - 0.02}px)`);
  queries.set(below, known);
  return useSyncExternalStore(known.follow, known.now);
}

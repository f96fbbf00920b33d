import { useSyncExternalStore } from 'react';

const QUERY = '(prefers-reduced-motion: reduce)';

function follow(changed: () => void): () => void {
  const media = window.matchMedia(QUERY);
  media.addEventListener('change', changed);
  return () => media.removeEventListener('change', changed);
}

/** Whether the user asked the system for less motion. */
export function useStill(): boolean {
  return useSyncExternalStore(follow, () => window.matchMedia(QUERY).matches);
}

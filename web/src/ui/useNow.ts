import { useEffect, useState } from 'react';
import { serverNow } from '../api/clock';

const listeners = new Map<number, Set<() => void>>();
const timers = new Map<number, number>();

/** One timer for all who look at the same pace, so that they change together. */
function tick(everyMs: number, changed: () => void): () => void {
  const those = listeners.get(everyMs) ?? new Set();
  listeners.set(everyMs, those.add(changed));
  if (!timers.has(everyMs)) {
    const all = () => {
      for (const one of [...those]) one();
    };
    timers.set(everyMs, window.setInterval(all, everyMs));
  }
  return () => {
    those.delete(changed);
    if (those.size > 0) return;
    window.clearInterval(timers.get(everyMs));
    timers.delete(everyMs);
  };
}

/** Now by the service's clock, in milliseconds of the Unix epoch, anew every `everyMs`. */
export function useNow(everyMs = 1_000): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => tick(everyMs, () => setNow(serverNow())), [everyMs]);
  return now;
}

// Positions that were not sent yet.
import type { Position } from '../../../api/methods';
import type { Fix } from './fix';

/** Ten minutes of positions, one every two seconds: older ones help nobody. */
export const mostWaiting = 300;
/** What the service takes at once. */
export const mostAtOnce = 100;
/** Two positions are at least so far apart in time. */
export const leastApartMs = 2_000;

/** With one more: the oldest leaves when there are too many, and one that comes too soon is left out. */
export function added(waiting: readonly Fix[], fix: Fix, lastMs: number): readonly Fix[] {
  const last = waiting.at(-1)?.atMs ?? lastMs;
  if (fix.atMs - last < leastApartMs) return waiting;
  return [...waiting, fix].slice(-mostWaiting);
}

/** As the service wants it. */
export function positionOf(fix: Fix): Position {
  return {
    latitude: fix.latitude,
    longitude: fix.longitude,
    at_ms: fix.atMs,
    ...(fix.heading === null ? {} : { heading: Math.round(fix.heading) % 360 }),
    ...(fix.speed === null ? {} : { speed: Math.max(0, Math.round(fix.speed)) }),
  };
}

import type { LngLat } from '../geo/place';
import { headingBetween } from '../motion/glide';

/** Where a vehicle was. Lists of them are in the order of their times. */
export type TrackFix = {
  /** By the terminal's clock, in milliseconds of the Unix epoch. */
  readonly timeMs: number;
  readonly place: LngLat;
  readonly speedKmh: number;
  /** Degrees clockwise from north. */
  readonly heading: number;
};

/** A silence this long is no way that was driven: the analysis ends a trip then (docs/telemetry.md). */
export const GAP_MS = 10 * 60_000;

/** Where a vehicle is in a replay. */
export type Moment = {
  readonly place: LngLat;
  readonly speedKmh: number;
  readonly heading: number;
  /** Whether nothing was reported around this time: it is shown where it was last. */
  readonly silent: boolean;
};

/** In the order of times, each time once. What a page of the API has is so already, unless a vehicle has two terminals. */
export function inOrder(fixes: readonly TrackFix[]): TrackFix[] {
  const sorted = [...fixes].sort((one, other) => one.timeMs - other.timeMs);
  return sorted.filter((fix, index) => index === 0 || fix.timeMs !== sorted[index - 1]?.timeMs);
}

/** The index of the last fix that is not after a time; 0 before the first. */
export function indexAt(fixes: readonly TrackFix[], timeMs: number): number {
  let [low, high] = [0, fixes.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((fixes[middle]?.timeMs ?? 0) <= timeMs) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Where the vehicle was at a time, between two fixes on the straight way. Null: there are no fixes. */
export function momentAt(fixes: readonly TrackFix[], timeMs: number): Moment | null {
  const before = fixes[indexAt(fixes, timeMs)];
  if (!before) return null;
  const after = fixes[indexAt(fixes, timeMs) + 1];
  if (!after || timeMs <= before.timeMs) return { ...before, silent: false };
  const span = after.timeMs - before.timeMs;
  if (span > GAP_MS) return { ...before, speedKmh: 0, silent: true };
  const part = (timeMs - before.timeMs) / span;
  const between = (from: number, to: number) => from + (to - from) * part;
  return {
    place: [between(before.place[0], after.place[0]), between(before.place[1], after.place[1])],
    speedKmh: between(before.speedKmh, after.speedKmh),
    heading: headingBetween(before.heading, after.heading, part),
    silent: false,
  };
}

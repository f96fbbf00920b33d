/** How long a vehicle may glide from one reported place to the next, in milliseconds: what it is shown late at most. */
export const MOST_GLIDE_MS = 10_000;

/** The shortest glide: reports that come together are not shown as leaps. */
export const LEAST_GLIDE_MS = 300;

/** Faster than that nobody drives, in metres a second: the vehicle is set there. As `fastest_kmh` of the analysis, 220 km/h. */
const FASTEST_M_PER_S = 62;

/** So far a vehicle glides in any case, in metres: positions err. */
const ALWAYS_GLIDE_M = 150;

/** Part of the way, 0 to 1, at a time between two times. */
export function progress(beginMs: number, endMs: number, nowMs: number): number {
  if (nowMs >= endMs) return 1;
  if (nowMs <= beginMs) return 0;
  return (nowMs - beginMs) / (endMs - beginMs);
}

/** Part of the way between two headings in degrees, the shorter way round. 0 to below 360. */
export function headingBetween(from: number, to: number, part: number): number {
  const turn = ((((to - from) % 360) + 540) % 360) - 180;
  return (((from + turn * part) % 360) + 360) % 360;
}

/**
 * How long to glide to a new place, in milliseconds. As long as it took between the two reports, within bounds, so that the
 * vehicle arrives when the next report does. 0: set it there.
 */
export function glideMs(sinceLastMs: number, metres: number): number {
  const seconds = Math.max(0, sinceLastMs) / 1_000;
  if (metres > ALWAYS_GLIDE_M + FASTEST_M_PER_S * seconds) return 0;
  // After a long silence nobody knows the way it took.
  if (sinceLastMs > 6 * MOST_GLIDE_MS) return 0;
  return Math.min(MOST_GLIDE_MS, Math.max(LEAST_GLIDE_MS, sinceLastMs));
}

import type { LngLat } from '../geo/place';
import { keptPlaces } from '../geo/simplify';
import { GAP_MS, type TrackFix } from './fixes';
import { bandOf } from './speedColours';

/** A part of a track in one colour. `band` null: nothing was reported on the way. */
export type Run = { readonly band: number | null; readonly line: readonly LngLat[] };

/** What deviates by less than this from the line is left out, in metres: less than a position errs. */
const TOLERANCE_M = 2;

/**
 * Cuts a track into parts of one band of speeds. Each begins where the one before ends, so that the line has no holes; a long silence
 * is a part of its own. The speed of a piece of the way is the one reported at its end.
 */
export function runsOf(fixes: readonly TrackFix[]): Run[] {
  const runs: { band: number | null; line: LngLat[] }[] = [];
  for (let at = 1; at < fixes.length; at += 1) {
    const [from, to] = [fixes[at - 1], fixes[at]];
    if (!from || !to) continue;
    const band = to.timeMs - from.timeMs > GAP_MS ? null : bandOf(to.speedKmh);
    const open = runs.at(-1);
    if (open && open.band === band) open.line.push(to.place);
    else runs.push({ band, line: [from.place, to.place] });
  }
  return runs.map(({ band, line }) => ({
    band,
    line: keptPlaces(line, TOLERANCE_M).flatMap((at) => [line[at] ?? []] as LngLat[]),
  }));
}

// How far a trip was, measured from the phone's positions. It is kept in the browser, so that a reload loses nothing.
import * as v from 'valibot';
import type { Fix } from './fix';

const place = v.object({ latitude: v.number(), longitude: v.number(), atMs: v.number() });

const schema = v.object({
  metres: v.number(),
  /** Metres of it that were not seen: straight lines over times without positions. */
  unseenM: v.number(),
  last: v.nullable(place),
});

export type Way = v.InferOutput<typeof schema>;

export const noWay: Way = { metres: 0, unseenM: 0, last: null };

/** Positions less certain than this are no measure. */
const worstM = 100;
/** A phone that stands still wanders about so far. */
const noiseM = 10;
/** Faster than this nobody drives: 216 km/h. */
const fastest = 60;
/** After so long without a position what lay between was not seen. */
const gapMs = 60_000;

/** The way with one more position. */
export function driven(way: Way, fix: Fix): Way {
  if (fix.accuracyM > worstM) return way;
  const here = { latitude: fix.latitude, longitude: fix.longitude, atMs: fix.atMs };
  if (way.last === null) return { ...way, last: here };
  const ms = fix.atMs - way.last.atMs;
  if (ms <= 0) return way;
  const step = metresFrom(way.last, here);
  if (step < Math.max(noiseM, Math.min(fix.accuracyM, 30))) return way;
  if (step > (fastest * ms) / 1000) return way;
  return {
    metres: way.metres + step,
    unseenM: way.unseenM + (ms > gapMs ? step : 0),
    last: here,
  };
}

interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

const earthM = 6_371_008.8;

/** Metres between two places along the sphere. */
export function metresFrom(a: Place, b: Place): number {
  const rad = Math.PI / 180;
  const high = Math.sin(((b.latitude - a.latitude) * rad) / 2);
  const wide = Math.sin(((b.longitude - a.longitude) * rad) / 2);
  const chord = high * high + Math.cos(a.latitude * rad) * Math.cos(b.latitude * rad) * wide * wide;
  return 2 * earthM * Math.asin(Math.min(1, Math.sqrt(chord)));
}

const keyOf = (order: string) => `smartlink.driver.way.${order}`;

type Kept = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export function readWay(storage: Kept, order: string): Way {
  try {
    return v.parse(schema, JSON.parse(storage.getItem(keyOf(order)) ?? ''));
  } catch {
    return noWay;
  }
}

export function keepWay(storage: Kept, order: string, way: Way): void {
  storage.setItem(keyOf(order), JSON.stringify(way));
}

/** After the trip it is known to the service. */
export function forgetWay(storage: Kept, order: string): void {
  storage.removeItem(keyOf(order));
}

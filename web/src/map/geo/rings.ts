import type { LngLat } from './place';

/** Why an outline is no area that the API takes. `at` counts from 0. */
export type RingFault =
  | { readonly kind: 'not_a_place'; readonly at: number }
  | { readonly kind: 'too_few'; readonly least: number }
  | { readonly kind: 'too_many'; readonly most: number }
  | { readonly kind: 'not_closed' }
  | { readonly kind: 'twice'; readonly at: number }
  | { readonly kind: 'crosses'; readonly first: number; readonly second: number }
  | { readonly kind: 'no_area' }
  | { readonly kind: 'too_wide' };

/** The most vertices of a geofence (docs/telemetry.md). */
export const MOST_VERTICES = 100_000;

/** Whether two numbers are a place on Earth. */
export function isPlace(place: LngLat): boolean {
  return Math.abs(place[0]) <= 180 && Math.abs(place[1]) <= 90;
}

/** A ring with its first place again at its end, as GeoJSON wants it. */
export function closedRing(places: readonly LngLat[]): LngLat[] {
  const [first, last] = [places[0], places.at(-1)];
  if (!first || !last || same(first, last)) return [...places];
  return [...places, first];
}

/** A ring without the repeated place at its end, as people list its corners. */
export function openRing(ring: readonly LngLat[]): LngLat[] {
  const [first, last] = [ring[0], ring.at(-1)];
  return ring.length > 1 && first && last && same(first, last) ? ring.slice(0, -1) : [...ring];
}

/** What is wrong with a closed ring of GeoJSON. None: nothing. */
export function ringFault(ring: readonly LngLat[]): RingFault | null {
  if (ring.length > MOST_VERTICES) return { kind: 'too_many', most: MOST_VERTICES };
  const stray = ring.findIndex((place) => !isPlace(place));
  if (stray >= 0) return { kind: 'not_a_place', at: stray };
  const [first, last] = [ring[0], ring.at(-1)];
  if (!first || !last || ring.length < 4) return { kind: 'too_few', least: 3 };
  if (!same(first, last)) return { kind: 'not_closed' };
  const twice = ring.findIndex((place, at) => at > 0 && same(place, ring[at - 1] ?? first));
  if (twice > 0) return { kind: 'twice', at: twice };
  if (isTooWide(ring)) return { kind: 'too_wide' };
  const crossing = crossingOf(ring);
  if (crossing) return crossing;
  return Math.abs(areaOf(ring)) < 1e-12 ? { kind: 'no_area' } : null;
}

/** What is wrong with the line of a corridor. None: nothing. */
export function lineFault(line: readonly LngLat[]): RingFault | null {
  if (line.length > MOST_VERTICES) return { kind: 'too_many', most: MOST_VERTICES };
  const stray = line.findIndex((place) => !isPlace(place));
  if (stray >= 0) return { kind: 'not_a_place', at: stray };
  if (line.length < 2) return { kind: 'too_few', least: 2 };
  return isTooWide(line) ? { kind: 'too_wide' } : null;
}

function same(a: LngLat, b: LngLat): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

function isTooWide(places: readonly LngLat[]): boolean {
  let [west, east] = [180, -180];
  for (const [longitude] of places) {
    west = Math.min(west, longitude);
    east = Math.max(east, longitude);
  }
  return east - west > 180;
}

/** Square degrees, positive when it runs counter-clockwise. */
function areaOf(ring: readonly LngLat[]): number {
  let twice = 0;
  for (let at = 1; at < ring.length; at += 1) {
    const [a, b] = [ring[at - 1], ring[at]];
    if (a && b) twice += a[0] * b[1] - b[0] * a[1];
  }
  return twice / 2;
}

type Edge = { index: number; a: LngLat; b: LngLat; west: number; east: number };

/** Two edges that touch though they are no neighbours. Sweeps from west to east, so that long rings stay quick. */
function crossingOf(ring: readonly LngLat[]): RingFault | null {
  const edges: Edge[] = [];
  for (let index = 0; index + 1 < ring.length; index += 1) {
    const [a, b] = [ring[index], ring[index + 1]];
    if (a && b) edges.push({ index, a, b, west: Math.min(a[0], b[0]), east: Math.max(a[0], b[0]) });
  }
  const count = edges.length;
  let open: Edge[] = [];
  for (const edge of [...edges].sort((one, other) => one.west - other.west)) {
    open = open.filter((other) => other.east >= edge.west);
    for (const other of open) {
      if (!meet(edge, other, count)) continue;
      const [first, second] = [Math.min(edge.index, other.index), Math.max(edge.index, other.index)];
      return { kind: 'crosses', first, second };
    }
    open.push(edge);
  }
  return null;
}

function meet(one: Edge, other: Edge, count: number): boolean {
  const apart = Math.abs(one.index - other.index);
  if (apart !== 1 && apart !== count - 1) return touch(one.a, one.b, other.a, other.b);
  // Neighbours share a corner. They must not run back over each other.
  const [early, late] = (one.index + 1) % count === other.index ? [one, other] : [other, one];
  const [corner, before, after] = [early.b, early.a, late.b];
  return side(before, corner, after) === 0 && dot(corner, before, after) > 0;
}

function dot(corner: LngLat, a: LngLat, b: LngLat): number {
  return (a[0] - corner[0]) * (b[0] - corner[0]) + (a[1] - corner[1]) * (b[1] - corner[1]);
}

function side(a: LngLat, b: LngLat, place: LngLat): number {
  return Math.sign((b[0] - a[0]) * (place[1] - a[1]) - (b[1] - a[1]) * (place[0] - a[0]));
}

function between(a: LngLat, b: LngLat, place: LngLat): boolean {
  return (
    Math.min(a[0], b[0]) <= place[0] &&
    place[0] <= Math.max(a[0], b[0]) &&
    Math.min(a[1], b[1]) <= place[1] &&
    place[1] <= Math.max(a[1], b[1])
  );
}

function touch(a: LngLat, b: LngLat, c: LngLat, d: LngLat): boolean {
  const [ca, cb, ac, ad] = [side(c, d, a), side(c, d, b), side(a, b, c), side(a, b, d)];
  if (ca !== cb && ac !== ad && ca * cb <= 0 && ac * ad <= 0) return true;
  return (
    (ca === 0 && between(c, d, a)) ||
    (cb === 0 && between(c, d, b)) ||
    (ac === 0 && between(a, b, c)) ||
    (ad === 0 && between(a, b, d))
  );
}

import { type LngLat, mercatorX, mercatorY, metresPerMercator } from './place';

/**
 * The places that a line keeps when what deviates by less than so many metres is left out (Douglas and Peucker):
 * indices into it, in order. The ends always stay. Works on a stack of its own, so that long lines do no harm.
 */
export function keptPlaces(line: readonly LngLat[], toleranceM: number): number[] {
  const last = line.length - 1;
  if (last < 2) return line.map((_, index) => index);
  const xs = line.map(([longitude]) => mercatorX(longitude));
  const ys = line.map(([, latitude]) => mercatorY(latitude));
  const tolerance = toleranceM / metresPerMercator(ys[last >> 1] ?? 0.5);
  const kept = new Uint8Array(line.length);
  kept[0] = 1;
  kept[last] = 1;
  const spans: [number, number][] = [[0, last]];
  for (let span = spans.pop(); span; span = spans.pop()) {
    const [from, to] = span;
    const farthest = farthestFrom(xs, ys, from, to);
    if (farthest.distance <= tolerance) continue;
    kept[farthest.index] = 1;
    spans.push([from, farthest.index], [farthest.index, to]);
  }
  return line.flatMap((_, index) => (kept[index] ? [index] : []));
}

function farthestFrom(
  xs: number[],
  ys: number[],
  from: number,
  to: number,
): { index: number; distance: number } {
  const [ax, ay] = [xs[from] ?? 0, ys[from] ?? 0];
  const [dx, dy] = [(xs[to] ?? 0) - ax, (ys[to] ?? 0) - ay];
  const square = dx * dx + dy * dy;
  let index = from;
  let distance = -1;
  for (let at = from + 1; at < to; at += 1) {
    const [px, py] = [(xs[at] ?? 0) - ax, (ys[at] ?? 0) - ay];
    const along = square === 0 ? 0 : Math.max(0, Math.min(1, (px * dx + py * dy) / square));
    const away = Math.hypot(px - along * dx, py - along * dy);
    if (away > distance) {
      index = at;
      distance = away;
    }
  }
  return { index, distance };
}

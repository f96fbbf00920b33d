import type { Feature, FeatureCollection, LineString } from 'geojson';
import type { Bounds } from './place';

/** Steps of the grid in degrees, the widest first: people read them as whole degrees, tenths and so on. */
const STEPS = [30, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001];

/** How far apart lines are at least, in pixels. */
const LEAST_PX = 90;

/** The most lines in one direction: a bound, should the arithmetic ever be given nonsense. */
const MOST_LINES = 200;

/** The narrowest step whose lines of longitude are not too close, at a zoom of tiles of 512 pixels. */
export function gridStep(zoom: number): number {
  const pixelsPerDegree = (512 * 2 ** zoom) / 360;
  return STEPS.findLast((step) => step * pixelsPerDegree >= LEAST_PX) ?? 30;
}

/** The whole multiples of a step from one number to another. */
export function multiples(step: number, from: number, to: number): number[] {
  const first = Math.ceil(from / step);
  const count = Math.min(MOST_LINES, Math.max(0, Math.floor(to / step) - first + 1));
  // Multiplied, not added up, and rounded: so that 0.1 and 0.2 stay what they are.
  return Array.from({ length: count }, (_, index) => Number(((first + index) * step).toFixed(6)));
}

/** The lines of a grid over an area. Every fifth is `major`. */
export function graticule(area: Bounds, step: number): FeatureCollection<LineString, { major: boolean }> {
  const line = (
    value: number,
    from: [number, number],
    to: [number, number],
  ): Feature<LineString, { major: boolean }> => ({
    type: 'Feature',
    properties: { major: Math.round(value / step) % 5 === 0 },
    geometry: { type: 'LineString', coordinates: [from, to] },
  });
  const [south, north] = [Math.max(-85, area.south), Math.min(85, area.north)];
  const [west, east] = [Math.max(-180, area.west), Math.min(180, area.east)];
  const meridians = multiples(step, west, east).map((x) => line(x, [x, south], [x, north]));
  const parallels = multiples(step, south, north).map((y) => line(y, [west, y], [east, y]));
  return { type: 'FeatureCollection', features: [...meridians, ...parallels] };
}

/** A longitude or latitude as its grid says it, such as 114.05°E. */
export function degreesText(value: number, step: number, axis: 'longitude' | 'latitude'): string {
  const decimals = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  const hemisphere = axis === 'longitude' ? (value < 0 ? 'W' : 'E') : value < 0 ? 'S' : 'N';
  return `${Math.abs(value).toFixed(decimals)}°${value === 0 ? '' : hemisphere}`;
}

import type { Feature, FeatureCollection } from 'geojson';
import type { ExpressionSpecification } from 'maplibre-gl';
import { circleRing, type LngLat, metresBetween, placeAt } from '../geo/place';
import { drawnGeometry, type FenceShape } from './shape';

/** Beyond so many corners none are put between them: they would be nothing but points. */
export const MOST_HANDLES = 300;

/** Metres of a pixel at zoom 0 on the equator, in tiles of 512 pixels. */
const METRES_PER_PIXEL = 78_271.517;

/** The width of a line that is `width0` pixels at zoom 0: it grows with the map. */
export const REAL_WIDTH: ExpressionSpecification = [
  'interpolate',
  ['exponential', 2],
  ['zoom'],
  0,
  ['get', 'width0'],
  22,
  ['*', ['get', 'width0'], 2 ** 22],
];

/** `width0` of a line that is so many metres wide. */
export function widthAtZoom0(widthM: number, latitude: number): number {
  return widthM / (METRES_PER_PIXEL * Math.cos((latitude * Math.PI) / 180));
}

/** A handle that can be dragged: a corner, what would be a new one between two, or the edge of a circle. */
export type Handle = { readonly role: 'corner' | 'between' | 'edge'; readonly index: number };

/** What the drawing shows of a shape: itself and its handles. */
export function shapeData(shape: FenceShape | null): FeatureCollection {
  if (!shape) return { type: 'FeatureCollection', features: [] };
  const width0 = shape.kind === 'corridor' ? widthAtZoom0(shape.widthM, shape.line[0]?.[1] ?? 0) : 0;
  const whole: Feature = {
    type: 'Feature',
    properties: { role: 'shape', width0 },
    geometry: drawnGeometry(shape),
  };
  return { type: 'FeatureCollection', features: [whole, ...handles(shape)] };
}

/** What the drawing shows of a shape that is being drawn: what it would be if one clicked now. */
export function pendingData(
  tool: 'polygon' | 'circle',
  points: readonly LngLat[],
  cursor: LngLat | null,
): FeatureCollection {
  const all = cursor ? [...points, cursor] : [...points];
  const features: Feature[] = points.map((place, index) => handle(place, { role: 'corner', index }));
  const [first, second] = all;
  if (tool === 'circle' && first && second) {
    const ring = circleRing(first, metresOf(first, second));
    features.push(drawing({ type: 'Polygon', coordinates: [ring.map((place) => [...place])] }));
  } else if (tool === 'polygon' && first && all.length >= 3) {
    features.push(drawing({ type: 'Polygon', coordinates: [[...all, first].map((place) => [...place])] }));
  } else if (tool === 'polygon' && all.length === 2) {
    features.push(drawing({ type: 'LineString', coordinates: all.map((place) => [...place]) }));
  }
  return { type: 'FeatureCollection', features };
}

function drawing(geometry: Feature['geometry']): Feature {
  return { type: 'Feature', properties: { role: 'shape', width0: 0 }, geometry };
}

function handle(place: LngLat, { role, index }: Handle): Feature {
  return {
    type: 'Feature',
    properties: { role, index },
    geometry: { type: 'Point', coordinates: [...place] },
  };
}

function handles(shape: FenceShape): Feature[] {
  if (shape.kind === 'other') return [];
  if (shape.kind === 'circle') {
    return [
      handle(shape.centre, { role: 'corner', index: 0 }),
      handle(placeAt(shape.centre, shape.radiusM, 90), { role: 'edge', index: 0 }),
    ];
  }
  const corners = shape.kind === 'polygon' ? shape.corners : shape.line;
  const features = corners.map((place, index) => handle(place, { role: 'corner', index }));
  if (corners.length > MOST_HANDLES) return features;
  const ends = shape.kind === 'polygon' ? [...corners.slice(1), ...corners.slice(0, 1)] : corners.slice(1);
  ends.forEach((end, index) => {
    const start = corners[index];
    if (start)
      features.push(handle([(start[0] + end[0]) / 2, (start[1] + end[1]) / 2], { role: 'between', index }));
  });
  return features;
}

function metresOf(a: LngLat, b: LngLat): number {
  return Math.max(1, Math.round(metresBetween(a, b)));
}

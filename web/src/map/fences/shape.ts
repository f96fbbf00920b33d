import type { Feature, Geometry, Position } from 'geojson';
import type { Datum } from '../base/tiles';
import { toMap } from '../geo/gcj02';
import { type Bounds, boundsOf, circleRing, type LngLat, placesOf, rounded } from '../geo/place';
import { closedRing, lineFault, openRing, type RingFault, ringFault } from '../geo/rings';

/** Where a geofence is, in the coordinates of the map. */
export type FenceShape =
  /** Corners without the first one again at the end. */
  | { readonly kind: 'polygon'; readonly corners: readonly LngLat[] }
  | { readonly kind: 'circle'; readonly centre: LngLat; readonly radiusM: number }
  /** A line with room to both sides, `widthM` from side to side. */
  | { readonly kind: 'corridor'; readonly line: readonly LngLat[]; readonly widthM: number }
  /** Several parts, or holes: shown, and changed elsewhere. */
  | { readonly kind: 'other'; readonly geometry: Geometry };

/** Bounds of the API (docs/telemetry.md), in metres. */
export const RADIUS_M = { least: 1, most: 1_000_000 };
export const WIDTH_M = { least: 2, most: 100_000 };

/** Why the API would not take a shape. */
export type ShapeFault = RingFault | { readonly kind: 'radius' } | { readonly kind: 'width' };

/** What is wrong with a shape. None: nothing. */
export function shapeFault(shape: FenceShape): ShapeFault | null {
  if (shape.kind === 'polygon') return ringFault(closedRing(shape.corners));
  if (shape.kind === 'circle') {
    const fault = lineFault([shape.centre, shape.centre]);
    return fault ?? (isWhole(shape.radiusM, RADIUS_M) ? null : { kind: 'radius' });
  }
  if (shape.kind === 'corridor') {
    return lineFault(shape.line) ?? (isWhole(shape.widthM, WIDTH_M) ? null : { kind: 'width' });
  }
  return null;
}

/**
 * Reads the shape of a Feature of `telemetry_geofences`, whose coordinates are WGS 84, for a map in a datum. Null: it is none that the
 * API makes.
 */
export function readShape(feature: Feature, datum: Datum): FenceShape | null {
  const geometry: Geometry | null = feature.geometry;
  if (!geometry) return null;
  const place = ([longitude = 0, latitude = 0]: Position): LngLat => toMap([longitude, latitude], datum);
  const measure = (name: string) => {
    const value: unknown = feature.properties?.[name];
    return typeof value === 'number' ? value : null;
  };
  if (geometry.type === 'Point') {
    const radiusM = measure('radius_m');
    return radiusM === null ? null : { kind: 'circle', centre: place(geometry.coordinates), radiusM };
  }
  if (geometry.type === 'LineString') {
    const widthM = measure('width_m');
    return widthM === null ? null : { kind: 'corridor', line: geometry.coordinates.map(place), widthM };
  }
  if (geometry.type === 'Polygon') return polygons([geometry.coordinates], place);
  if (geometry.type === 'MultiPolygon') return polygons(geometry.coordinates, place);
  return null;
}

function polygons(parts: Position[][][], place: (position: Position) => LngLat): FenceShape {
  const [part] = parts;
  const [ring] = part ?? [];
  if (parts.length === 1 && part?.length === 1 && ring)
    return { kind: 'polygon', corners: openRing(ring.map(place)) };
  const coordinates = parts.map((rings) => rings.map((each) => each.map((position) => [...place(position)])));
  return { kind: 'other', geometry: { type: 'MultiPolygon', coordinates } };
}

/** What a geofence is besides its shape, as the API names it. */
export type FenceProperties = {
  readonly id?: number;
  readonly name?: string;
  readonly speed_limit_kmh?: number;
  readonly dwell_s?: number;
  readonly alert?: readonly ('enter' | 'exit')[];
  readonly classes?: readonly string[];
};

/** The Feature that `telemetry_put_geofences` takes. It tells the datum that the shape was drawn in, and the API converts. */
export function writeFence(shape: FenceShape, properties: FenceProperties, datum: Datum): Feature {
  const all: Record<string, unknown> = { ...properties };
  if (datum !== 'wgs84') all.datum = datum;
  if (shape.kind === 'circle') all.radius_m = shape.radiusM;
  if (shape.kind === 'corridor') all.width_m = shape.widthM;
  return { type: 'Feature', properties: all, geometry: geometryOf(shape) };
}

function geometryOf(shape: FenceShape): Geometry {
  const position = (place: LngLat): Position => [...rounded(place)];
  if (shape.kind === 'circle') return { type: 'Point', coordinates: position(shape.centre) };
  if (shape.kind === 'corridor') return { type: 'LineString', coordinates: shape.line.map(position) };
  if (shape.kind === 'other') return shape.geometry;
  return { type: 'Polygon', coordinates: [closedRing(shape.corners).map(position)] };
}

/** What is drawn of a shape: an area, or a line that is as wide as the corridor. */
export function drawnGeometry(shape: FenceShape): Geometry {
  if (shape.kind === 'other') return shape.geometry;
  if (shape.kind === 'corridor')
    return { type: 'LineString', coordinates: shape.line.map((place) => [...place]) };
  const ring = shape.kind === 'circle' ? circleRing(shape.centre, shape.radiusM) : closedRing(shape.corners);
  return { type: 'Polygon', coordinates: [ring.map((place) => [...place])] };
}

/** The rectangle around a shape. Null: there is nothing of it yet. */
export function shapeBounds(shape: FenceShape): Bounds | null {
  const geometry = drawnGeometry(shape);
  return 'coordinates' in geometry ? boundsOf(placesOf(geometry.coordinates)) : null;
}

function isWhole(value: number, { least, most }: { least: number; most: number }): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

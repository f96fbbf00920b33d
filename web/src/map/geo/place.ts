/** Longitude and latitude in degrees, as GeoJSON writes them. */
export type LngLat = readonly [longitude: number, latitude: number];

/** A rectangle in degrees that does not reach over the antimeridian. */
export type Bounds = {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
};

/** The mean radius of the Earth in metres (IUGG). */
const EARTH_M = 6_371_008.8;

/** The metres around the Earth on a web map, at the equator. */
const EQUATOR_M = 2 * Math.PI * 6_378_137;

const RADIANS = Math.PI / 180;

/** Web Mercator's highest latitude. */
const MOST_LATITUDE = 85.051129;

/** The x of a longitude in web Mercator, 0 in the west to 1 in the east. */
export function mercatorX(longitude: number): number {
  return (180 + longitude) / 360;
}

/** The y of a latitude in web Mercator, 0 in the north to 1 in the south. */
export function mercatorY(latitude: number): number {
  const bounded = Math.max(-MOST_LATITUDE, Math.min(MOST_LATITUDE, latitude));
  return 0.5 - Math.log(Math.tan(Math.PI / 4 + (bounded * RADIANS) / 2)) / (2 * Math.PI);
}

/** The longitude of an x in web Mercator. */
export function longitudeOf(x: number): number {
  return x * 360 - 180;
}

/** The latitude of a y in web Mercator. */
export function latitudeOf(y: number): number {
  return (2 * Math.atan(Math.exp((0.5 - y) * 2 * Math.PI)) - Math.PI / 2) / RADIANS;
}

/** How many metres one unit of web Mercator is at a y. */
export function metresPerMercator(y: number): number {
  return EQUATOR_M * Math.cos(latitudeOf(y) * RADIANS);
}

/** The metres between two places along the sphere. */
export function metresBetween(a: LngLat, b: LngLat): number {
  const high = Math.sin(((b[1] - a[1]) * RADIANS) / 2);
  const wide = Math.sin(((b[0] - a[0]) * RADIANS) / 2);
  const chord = high * high + Math.cos(a[1] * RADIANS) * Math.cos(b[1] * RADIANS) * wide * wide;
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(chord)));
}

/** Where one comes after so many metres in a direction, in degrees clockwise from north. */
export function placeAt(from: LngLat, metres: number, bearing: number): LngLat {
  const angle = metres / EARTH_M;
  const latitude = from[1] * RADIANS;
  const north =
    Math.sin(latitude) * Math.cos(angle) + Math.cos(latitude) * Math.sin(angle) * Math.cos(bearing * RADIANS);
  const to = Math.asin(Math.max(-1, Math.min(1, north)));
  const east = Math.atan2(
    Math.sin(bearing * RADIANS) * Math.sin(angle) * Math.cos(latitude),
    Math.cos(angle) - Math.sin(latitude) * Math.sin(to),
  );
  return [from[0] + east / RADIANS, to / RADIANS];
}

/** A closed ring of places around a centre. */
export function circleRing(centre: LngLat, radiusM: number, corners = 72): LngLat[] {
  const ring = Array.from({ length: corners }, (_, corner) =>
    placeAt(centre, radiusM, (corner * 360) / corners),
  );
  const first = ring[0];
  return first ? [...ring, first] : ring;
}

/** The smallest rectangle around places. None: there are no places. */
export function boundsOf(places: Iterable<LngLat>): Bounds | null {
  let bounds: { west: number; south: number; east: number; north: number } | null = null;
  for (const [longitude, latitude] of places) {
    if (!Number.isFinite(longitude) || !Number.isFinite(latitude)) continue;
    bounds ??= { west: longitude, east: longitude, south: latitude, north: latitude };
    bounds.west = Math.min(bounds.west, longitude);
    bounds.east = Math.max(bounds.east, longitude);
    bounds.south = Math.min(bounds.south, latitude);
    bounds.north = Math.max(bounds.north, latitude);
  }
  return bounds;
}

/** The places of any GeoJSON geometry's coordinates, however deep they are nested. */
export function* placesOf(coordinates: unknown): Generator<LngLat> {
  if (!Array.isArray(coordinates)) return;
  const [longitude, latitude] = coordinates;
  if (typeof longitude === 'number' && typeof latitude === 'number') {
    yield [longitude, latitude];
    return;
  }
  for (const part of coordinates) yield* placesOf(part);
}

/** Degrees as the API keeps them: six decimals, a tenth of a metre. */
export function rounded(place: LngLat): LngLat {
  return [Math.round(place[0] * 1e6) / 1e6, Math.round(place[1] * 1e6) / 1e6];
}

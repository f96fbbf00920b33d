import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clustersOf } from './clusters';
import { toMap } from './gcj02';
import { degreesText, graticule, gridStep, multiples } from './graticule';
import {
  boundsOf,
  circleRing,
  type LngLat,
  latitudeOf,
  longitudeOf,
  mercatorX,
  mercatorY,
  metresBetween,
  placeAt,
  placesOf,
} from './place';
import { keptPlaces } from './simplify';

const place = fc.tuple(
  fc.double({ min: -179, max: 179, noNaN: true }),
  fc.double({ min: -84, max: 84, noNaN: true }),
);

test('a place comes back from web Mercator', () => {
  fc.assert(
    fc.property(place, ([longitude, latitude]) => {
      expect(longitudeOf(mercatorX(longitude))).toBeCloseTo(longitude, 9);
      expect(latitudeOf(mercatorY(latitude))).toBeCloseTo(latitude, 9);
    }),
  );
});

test('who goes so many metres is so many metres away', () => {
  fc.assert(
    fc.property(
      place,
      fc.double({ min: 1, max: 500_000, noNaN: true }),
      fc.double({ min: 0, max: 360, noNaN: true }),
      (from, metres, bearing) => {
        expect(metresBetween(from, placeAt(from, metres, bearing)) / metres).toBeCloseTo(1, 4);
      },
    ),
  );
});

test('from Shenzhen to Guangzhou it is about 104 km, and a circle is round', () => {
  const [shenzhen, guangzhou]: LngLat[] = [
    [114.058, 22.543],
    [113.264, 23.129],
  ];
  if (!shenzhen || !guangzhou) throw new Error('two cities');
  expect(metresBetween(shenzhen, guangzhou) / 1_000).toBeCloseTo(104.3, 0);
  for (const corner of circleRing(shenzhen, 2_000))
    expect(metresBetween(shenzhen, corner)).toBeCloseTo(2_000, 3);
});

test('bounds are around all places of a geometry, and none are around nothing', () => {
  const nested = [[[[1, 2]], [[-3, 4]]]];
  expect(boundsOf(placesOf(nested))).toEqual({ west: -3, south: 2, east: 1, north: 4 });
  expect(boundsOf([])).toBeNull();
});

// The points that the API's own test has (offchain/records, gcj02.rs).
test.each([
  [31.1774276, 121.5272106, 31.175303983, 121.531541859],
  [22.543847, 113.912316, 22.540796131, 113.91717648],
  [39.911954, 116.377817, 39.913345435, 116.384047224],
  [39.915, 116.404, 39.916404281, 116.410244499],
])('%f, %f is where maps in GCJ-02 have it', (latitude, longitude, mapLatitude, mapLongitude) => {
  const [east, north] = toMap([longitude, latitude], 'gcj02');
  expect(Math.abs(east - mapLongitude)).toBeLessThan(2e-6);
  expect(Math.abs(north - mapLatitude)).toBeLessThan(2e-6);
  expect(toMap([longitude, latitude], 'wgs84')).toEqual([longitude, latitude]);
});

test('outside of China nothing moves', () => {
  expect(toMap([-0.12, 51.5], 'gcj02')).toEqual([-0.12, 51.5]);
});

test('the grid has round steps whose lines are at least 90 pixels apart', () => {
  expect(gridStep(3)).toBe(10);
  expect(gridStep(11)).toBe(0.05);
  for (let zoom = 3; zoom <= 16; zoom += 0.25)
    expect((gridStep(zoom) * 512 * 2 ** zoom) / 360).toBeGreaterThanOrEqual(90);
});

test('multiples of a tenth are what they are called', () => {
  expect(multiples(0.1, 113.95, 114.35)).toEqual([114, 114.1, 114.2, 114.3]);
  expect(degreesText(114.05, 0.05, 'longitude')).toBe('114.05°E');
  expect(degreesText(-33.8, 0.1, 'latitude')).toBe('33.8°S');
  expect(degreesText(0, 10, 'latitude')).toBe('0°');
});

test('a grid has a bound, and every fifth line is stronger', () => {
  const lines = graticule({ west: -400, south: -100, east: 400, north: 100 }, 0.001).features;
  expect(lines.length).toBeLessThanOrEqual(400);
  const few = graticule({ west: 0, south: 0, east: 10, north: 1 }, 1).features;
  expect(few.filter((line) => line.properties.major).map((line) => line.geometry.coordinates[0])).toEqual([
    [0, 0],
    [5, 0],
    [10, 0],
    [0, 0],
  ]);
});

test('what is left out of a line lies near what is left', () => {
  const line: LngLat[] = [
    [114, 22],
    [114.01, 22.000001],
    [114.02, 22],
    [114.02, 22.01],
  ];
  expect(keptPlaces(line, 2)).toEqual([0, 2, 3]);
  expect(keptPlaces(line, 0)).toEqual([0, 1, 2, 3]);
  expect(keptPlaces(line.slice(0, 1), 2)).toEqual([0]);
});

test('a simplified line keeps its ends and its order', () => {
  fc.assert(
    fc.property(
      fc.array(place, { minLength: 2, maxLength: 80 }),
      fc.double({ min: 0, max: 1e6, noNaN: true }),
      (line, tolerance) => {
        const kept = keptPlaces(line, tolerance);
        expect(kept[0]).toBe(0);
        expect(kept.at(-1)).toBe(line.length - 1);
        expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
      },
    ),
  );
});

test('nobody is lost in clusters, and one alone is none', () => {
  const unit = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
  const somebody = fc.record({ x: unit, y: unit, alert: fc.boolean() });
  fc.assert(
    fc.property(fc.array(somebody, { maxLength: 200 }), fc.integer({ min: 0, max: 12 }), (places, zoom) => {
      const { clusters, alone } = clustersOf(places, zoom);
      const together = clusters.reduce((sum, cluster) => sum + cluster.count, 0);
      expect(together + alone.length).toBe(places.length);
      for (const { count, alerts, x, box } of clusters) {
        expect(count).toBeGreaterThan(1);
        expect(alerts).toBeLessThanOrEqual(count);
        expect(x).toBeGreaterThanOrEqual(box[0] - 1e-12);
        expect(x).toBeLessThanOrEqual(box[2] + 1e-12);
      }
    }),
  );
});

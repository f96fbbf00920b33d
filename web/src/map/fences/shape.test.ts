import type { Feature } from 'geojson';
import { expect, test } from 'vitest';
import { datumOf, readTiles } from '../base/tiles';
import { metresBetween } from '../geo/place';
import { pendingData, shapeData } from './drawn';
import { dragged, settled, withoutCorner } from './edit';
import { type FenceShape, readShape, shapeBounds, shapeFault, writeFence } from './shape';

// As the API answers it: always a MultiPolygon, closed.
const yard: Feature = {
  type: 'Feature',
  id: 7,
  properties: { name: 'yard', alert: ['enter'] },
  geometry: {
    type: 'MultiPolygon',
    coordinates: [
      [
        [
          [114, 22],
          [114.01, 22],
          [114.01, 22.01],
          [114, 22.01],
          [114, 22],
        ],
      ],
    ],
  },
};

test('a yard of the API is a polygon to edit, and goes back as the API takes it', () => {
  const shape = readShape(yard, 'wgs84');
  expect(shape).toMatchObject({ kind: 'polygon', corners: { length: 4 } });
  if (!shape) throw new Error('the yard has a shape');
  expect(shapeFault(shape)).toBeNull();
  expect(writeFence(shape, { id: 7, name: 'yard', alert: ['enter'] }, 'wgs84')).toEqual({
    type: 'Feature',
    properties: { id: 7, name: 'yard', alert: ['enter'] },
    geometry: {
      type: 'Polygon',
      coordinates: [
        [
          [114, 22],
          [114.01, 22],
          [114.01, 22.01],
          [114, 22.01],
          [114, 22],
        ],
      ],
    },
  });
});

test('on a map in GCJ-02 it is shifted to be seen, and says so when it is sent', () => {
  const shape = readShape(yard, 'gcj02');
  if (shape?.kind !== 'polygon') throw new Error('the yard is a polygon');
  const [corner] = shape.corners;
  if (!corner) throw new Error('a yard has corners');
  expect(metresBetween(corner, [114, 22])).toBeGreaterThan(300);
  expect(writeFence(shape, {}, 'gcj02').properties).toEqual({ datum: 'gcj02' });
});

test('a circle is a point with a radius, a corridor a line with a width', () => {
  const circle: FenceShape = { kind: 'circle', centre: [114, 22], radiusM: 500 };
  const corridor: FenceShape = {
    kind: 'corridor',
    line: [
      [114, 22],
      [114.1, 22],
    ],
    widthM: 60,
  };
  for (const shape of [circle, corridor])
    expect(readShape(writeFence(shape, {}, 'wgs84'), 'wgs84')).toEqual(shape);
});

test('what has holes or several parts is shown and not edited', () => {
  const ring = [
    [0, 0],
    [3, 0],
    [3, 3],
    [0, 0],
  ];
  const hole = [
    [1, 1],
    [2, 1],
    [2, 2],
    [1, 1],
  ];
  const feature: Feature = {
    type: 'Feature',
    properties: {},
    geometry: { type: 'Polygon', coordinates: [ring, hole] },
  };
  expect(readShape(feature, 'wgs84')?.kind).toBe('other');
});

test('a point without a radius is no geofence', () => {
  const feature: Feature = {
    type: 'Feature',
    properties: {},
    geometry: { type: 'Point', coordinates: [1, 2] },
  };
  expect(readShape(feature, 'wgs84')).toBeNull();
});

test.each([0, 1.5, 1_000_001, Number.NaN])('a radius of %f m is refused before the API does', (radiusM) => {
  expect(shapeFault({ kind: 'circle', centre: [114, 22], radiusM })).toEqual({ kind: 'radius' });
});

test('a width of one metre is refused', () => {
  expect(
    shapeFault({
      kind: 'corridor',
      line: [
        [1, 1],
        [2, 2],
      ],
      widthM: 1,
    }),
  ).toEqual({ kind: 'width' });
});

test('a corner moves, a point between two becomes one, and three stay', () => {
  const shape = readShape(yard, 'wgs84');
  if (!shape) throw new Error('the yard has a shape');
  expect(dragged(shape, { role: 'corner', index: 0 }, [113.9, 21.9])).toMatchObject({
    corners: { 0: [113.9, 21.9], length: 4 },
  });
  const more = dragged(shape, { role: 'between', index: 3 }, [113.9, 22.005]);
  expect(more).toMatchObject({ corners: { 4: [113.9, 22.005], length: 5 } });
  expect(settled({ role: 'between', index: 3 })).toEqual({ role: 'corner', index: 4 });
  const three = withoutCorner(shape, 1);
  expect(three).toMatchObject({ corners: { length: 3 } });
  expect(withoutCorner(three, 1)).toBe(three);
});

test('the edge of a circle gives its radius, in whole metres', () => {
  const circle: FenceShape = { kind: 'circle', centre: [114, 22], radiusM: 500 };
  const wider = dragged(circle, { role: 'edge', index: 0 }, [114.01, 22]);
  expect(wider).toMatchObject({ radiusM: Math.round(metresBetween([114, 22], [114.01, 22])) });
  const bounds = shapeBounds(circle);
  expect(bounds && metresBetween([bounds.west, 22], [bounds.east, 22])).toBeCloseTo(1_000, 0);
});

test('corners have handles, and so has each side; a drawing has them for what was clicked', () => {
  const roles = shapeData(readShape(yard, 'wgs84')).features.map((feature) => feature.properties?.role);
  expect(roles.filter((role) => role === 'corner')).toHaveLength(4);
  expect(roles.filter((role) => role === 'between')).toHaveLength(4);
  expect(pendingData('circle', [[114, 22]], [114.01, 22]).features).toHaveLength(2);
  expect(pendingData('polygon', [], null).features).toEqual([]);
});

test('a tile server is told by its address, with datum and approval behind it', () => {
  expect(
    readTiles('https://t.example.cn/{z}/{x}/{y}.png#datum=gcj02&attribution=审图号：GS(2024)1号'),
  ).toEqual({
    url: 'https://t.example.cn/{z}/{x}/{y}.png',
    kind: 'raster',
    datum: 'gcj02',
    attribution: '审图号：GS(2024)1号',
  });
  expect(readTiles('/tiles/{z}/{x}/{y}.pbf')?.kind).toBe('vector');
  expect(readTiles('https://t.example.cn/tiles.json')?.kind).toBeNull();
  expect(readTiles('javascript:alert(1)')).toBeNull();
  expect(datumOf(null)).toBe('wgs84');
});

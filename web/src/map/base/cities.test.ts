import { expect, test } from 'vitest';
import { cities, cityAt } from './cities';

test('a code leads to its city, that of a district as well', () => {
  expect(cityAt(440_300)).toEqual([114.058, 22.543]);
  expect(cityAt(440_305)).toEqual(cityAt(440_300));
  expect(cityAt(110_105)).toEqual(cityAt(110_000));
  expect([cityAt(999_999), cityAt(441_000), cityAt(0)]).toEqual([null, null, null]);
});

test('every city is somewhere else and has its own name', () => {
  const { features } = cities();
  for (const language of ['en', 'zh'] as const)
    expect(new Set(features.map(({ properties }) => properties[language])).size).toBe(features.length);
  expect(new Set(features.map(({ geometry }) => geometry.coordinates.join())).size).toBe(features.length);
});

import { expect, test } from 'vitest';
import type { DrivingDay } from '../../../api/methods';
import { harshIn100Km, sumsByDriver } from './sums';

function day(driver: number | undefined, date: string, km: number, safety: number): DrivingDay {
  return {
    day: date,
    ...(driver === undefined ? {} : { driver }),
    safety,
    trips: 2,
    vehicle: 1,
    version: 1,
    driving: {
      accelerations: 1,
      brakings: 2,
      cornerings: 0,
      distance_m: km * 1000,
      idle_ms: 0,
      moving_ms: 60_000,
      night_ms: 0,
      speeding_ms: 0,
      speedings: 0,
    },
  };
}

test('days of one driver in several vehicles are added, and a day counts once', () => {
  const [first, second] = sumsByDriver([
    day(7, '2026-06-01', 40, 90),
    day(7, '2026-06-01', 60, 80),
    day(undefined, '2026-06-01', 5, 100),
  ]);
  expect(first).toMatchObject({ driver: 7, days: 1, trips: 4, distanceM: 100_000, harsh: 6, safety: 80 });
  expect(second).toMatchObject({ driver: null, trips: 2 });
});

test('short ways do not make a driver reckless', () => {
  const [sum] = sumsByDriver([day(1, '2026-06-01', 1, 100)]);
  expect(sum && harshIn100Km(sum)).toBe(15);
});

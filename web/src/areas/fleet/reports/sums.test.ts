import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Alert, DrivingDay } from '../../../api/methods';
import { groupings } from './choices';
import { plusDays } from './days';
import {
  changeOf,
  economyOf,
  fuelIn100Km,
  harshIn100Km,
  type Money,
  noMoney,
  rowsBy,
  safetyOf,
  totalOf,
} from './sums';

interface Said {
  day?: string;
  driver?: number;
  vehicle?: number;
  km?: number;
  safety?: number;
  fuelMl?: number;
  harsh?: number;
}

function day({
  day: date = '2026-11-30',
  driver,
  vehicle = 1,
  km = 10,
  safety = 100,
  fuelMl,
  harsh = 0,
}: Said): DrivingDay {
  return {
    day: date,
    vehicle,
    ...(driver === undefined ? {} : { driver }),
    safety,
    trips: 1,
    version: 1,
    driving: {
      accelerations: harsh,
      brakings: 0,
      cornerings: 0,
      distance_m: km * 1000,
      idle_ms: 1,
      moving_ms: 60_000,
      night_ms: 0,
      speeding_ms: 0,
      speedings: 0,
      ...(fuelMl === undefined ? {} : { fuel_ml: fuelMl }),
    },
  };
}

function alert(opened: string, vehicle: number, driver?: number): Alert {
  return {
    id: '1',
    kind: 'speeding',
    key: 0,
    count: 1,
    vehicle,
    ...(driver === undefined ? {} : { driver }),
    opened_ms: Date.parse(opened),
    last_ms: 0,
    threshold: 0,
    value: 0,
    version: 1,
  };
}

const paid = (gross: bigint): Money => ({ ...noMoney, rides: 1n, gross, drivers: gross });
const nothing = { days: null, alerts: null, money: null };

test('two drivers of one vehicle are two rows by driver and one by vehicle', () => {
  const found = { ...nothing, days: [day({ driver: 7, km: 30 }), day({ driver: 8, km: 50 })] };
  expect(rowsBy('driver', found, 480).map(({ key }) => key)).toEqual(['8', '7']);
  expect(rowsBy('vehicle', found, 480)).toMatchObject([{ key: '1', drive: { distanceM: 80_000, trips: 2 } }]);
});

test('an alert belongs to the day of the company, not of Greenwich', () => {
  const alerts = [alert('2026-11-29T16:00:00Z', 1, 7), alert('2026-11-29T15:59:59Z', 1)];
  const rows = rowsBy('day', { ...nothing, alerts }, 480);
  expect(rows.map(({ key, alerts: count }) => [key, count])).toEqual([
    ['2026-11-30', 1],
    ['2026-11-29', 1],
  ]);
  expect(rowsBy('driver', { ...nothing, alerts }, 480).map(({ key }) => key)).toEqual(['', '7']);
});

test('long ways weigh more in the mean grade, and the worst day is not forgotten', () => {
  const days = [day({ km: 90, safety: 100 }), day({ km: 10, safety: 50, day: '2026-11-29' })];
  const { drive } = totalOf(rowsBy('day', { ...nothing, days }, 480));
  expect(safetyOf(drive)).toBe(95);
  expect(drive.safetyWorst).toBe(50);
  expect(economyOf(drive)).toBeNull();
});

test('consumption counts over the distance of which it is known', () => {
  const days = [day({ km: 100, fuelMl: 8_000 }), day({ km: 100, vehicle: 2 })];
  const { drive } = totalOf(rowsBy('vehicle', { ...nothing, days }, 480));
  expect(drive.fuelMl).toBe(8_000);
  expect(fuelIn100Km(drive)).toBe(8);
});

test('one braking on a short way is not a hundred on a long one', () => {
  const { drive } = totalOf(rowsBy('day', { ...nothing, days: [day({ km: 1, harsh: 1 })] }, 480));
  expect(harshIn100Km(drive)).toBe(5);
});

test('money by day falls into its week, and no vehicle has any', () => {
  const money = new Map([
    ['2026-11-30', paid(3n)],
    ['2026-11-29', paid(2n)],
    ['2026-11-28', paid(1n)],
  ]);
  const weeks = rowsBy('week', { ...nothing, money }, 480);
  expect(weeks.map((row) => [row.key, row.money.gross])).toEqual([
    ['2026-11-30', 3n],
    ['2026-11-23', 3n],
  ]);
  expect(rowsBy('vehicle', { ...nothing, money }, 480)).toEqual([]);
});

test('however rows are grouped, the sum is the same', () => {
  const days = fc.array(
    fc.record({
      day: fc.integer({ min: 0, max: 40 }).map((at) => plusDays('2026-10-20', at)),
      driver: fc.integer({ min: 1, max: 4 }),
      vehicle: fc.integer({ min: 1, max: 4 }),
      km: fc.integer({ min: 0, max: 300 }),
      safety: fc.integer({ min: 0, max: 100 }),
      fuelMl: fc.integer({ min: 0, max: 40_000 }),
      harsh: fc.integer({ min: 0, max: 9 }),
    }),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(days, (said) => {
      const found = { ...nothing, days: said.map(day) };
      const totals = groupings.map((grouping) => totalOf(rowsBy(grouping, found, 480)));
      for (const total of totals) expect(total).toEqual(totals[0]);
    }),
  );
});

test('there is no change against nothing', () => {
  expect(changeOf(5, 0)).toBeNull();
  expect(changeOf(null, 4)).toBeNull();
  expect(changeOf(5, 4)).toBe(0.25);
});

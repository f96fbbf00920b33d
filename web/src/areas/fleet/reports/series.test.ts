import { expect, test } from 'vitest';
import type { DrivingDay } from '../../../api/methods';
import { metricOf, metricsFor } from './metrics';
import { bucketsOf, gradesIn, shifted, timeRows } from './series';
import { noDrive, noMoney, totalOf } from './sums';

const day = (date: string, safety: number, km = 10): DrivingDay => ({
  day: date,
  vehicle: 1,
  driver: 7,
  safety,
  trips: 1,
  version: 1,
  driving: {
    accelerations: 0,
    brakings: 0,
    cornerings: 0,
    distance_m: km * 1000,
    idle_ms: 0,
    moving_ms: 1_800_000,
    night_ms: 0,
    speeding_ms: 0,
    speedings: 0,
  },
});
const span = { first: '2026-11-23', last: '2026-11-30' };
const of = (...days: DrivingDay[]) => ({ days, alerts: null, money: null });

test('a day without a drive is a gap and not left out', () => {
  const rows = timeRows(of(day('2026-11-24', 90)), span, 'day', 480);
  expect(rows.map((row) => metricOf('distance', row))).toEqual([0, 10, 0, 0, 0, 0, 0, 0]);
  expect(rows.map((row) => metricOf('safety', row)).slice(0, 3)).toEqual([null, 90, null]);
});

test('weeks are those that the span touches', () => {
  expect(bucketsOf(span, 'week')).toEqual(['2026-11-23', '2026-11-30']);
  expect(bucketsOf({ first: '2026-11-22', last: '2026-11-22' }, 'week')).toEqual(['2026-11-16']);
});

test('the span before is laid over this one day by day, also across weeks', () => {
  const before = shifted(of(day('2026-11-15', 80), day('2026-11-22', 80, 5)), span);
  expect(before.days?.map((one) => one.day)).toEqual(['2026-11-23', '2026-11-30']);
  expect(timeRows(before, span, 'week', 480).map((row) => metricOf('distance', row))).toEqual([10, 5]);
});

test('grades are counted by the marks that tables show', () => {
  const found = of(day('2026-11-23', 85), day('2026-11-23', 84), day('2026-11-30', 59));
  expect(gradesIn(found, span, 'week')).toEqual({ good: [1, 0], fair: [1, 0], poor: [0, 1] });
});

test('who may not see money is shown none, and what nobody told is no chart', () => {
  const whole = { drive: noDrive, alerts: 0, money: noMoney };
  expect(metricsFor({ drive: false, alerts: false, money: true }, whole)).toEqual(['gross']);
  expect(metricsFor({ drive: true, alerts: false, money: false }, whole)).toEqual([
    'distance',
    'moving',
    'safety',
    'harsh',
  ]);
  expect(metricOf('energy', totalOf([]))).toBeNull();
});

import { expect, test } from 'vitest';
import { byDay, byHour, type HourOfIndex, midnight } from './income';

const hour = (ms: number, count: number, fare: bigint): HourOfIndex => ({
  time: new Date(ms).toISOString(),
  count: String(count),
  sum: { fare: String(fare), tolls: '500000', driverShare: null, platform: '3', thirdParties: '1' },
});

const now = Date.parse('2026-11-30T08:40:00Z');

test('hours in which nothing was settled are there with nothing', () => {
  const shown = byHour([hour(Date.parse('2026-11-30T07:00:00Z'), 2, 9n)], now, 3);
  expect(shown.map(({ rides, gross }) => [rides, gross])).toEqual([
    [0, 0n],
    [2, 500_009n],
    [0, 0n],
  ]);
});

test('a day is the sum of its hours by the clock of the place, to the last unit', () => {
  const today = midnight(now);
  const big = 9_007_199_254_740_993n;
  const hours = [hour(today - 3_600_000, 1, 5n), hour(today, 1, big), hour(today + 3_600_000, 2, 2n)];
  const [yesterday, day] = byDay(hours, now, 2);
  expect(yesterday?.gross).toBe(500_005n);
  expect(day).toEqual({
    from: today,
    rides: 3,
    gross: big + 1_000_002n,
    drivers: 0n,
    platform: 6n,
    thirdParties: 2n,
  });
});

import { afterEach, beforeEach, expect, test } from 'vitest';
import { wanted } from './amount';
import { beginOf, type Hour, spans } from './spans';

const zone = process.env['TZ'];
beforeEach(() => {
  process.env['TZ'] = 'Asia/Shanghai';
});
afterEach(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

const hour = (time: string, yuan: number): Hour => ({
  time,
  count: '1',
  sum: { driverShare: String(yuan * 1_000_000), distanceM: '1000' },
});

/** A Wednesday, 10:30 in China. */
const now = Date.parse('2026-11-25T02:30:00Z');

test('a night shift belongs to the day of the local clock', () => {
  // 23:00 of the 24th, and 01:00 and 07:00 of the 25th in China: one day of UTC.
  const hours = [
    hour('2026-11-24T15:00:00Z', 1),
    hour('2026-11-24T17:00:00Z', 2),
    hour('2026-11-24T23:00:00Z', 4),
  ];
  const days = spans('day', 2, hours, now);
  expect(days.map(({ rides, earned }) => [rides, earned])).toEqual([
    [1, 1_000_000n],
    [2, 6_000_000n],
  ]);
});

test('weeks begin on Monday, and days without rides are there', () => {
  expect(new Date(beginOf('week', now)).toISOString()).toBe('2026-11-22T16:00:00.000Z');
  const hours = [hour('2026-11-22T15:00:00Z', 1), hour('2026-11-22T16:00:00Z', 2)];
  expect(spans('week', 3, hours, now).map(({ earned }) => earned)).toEqual([0n, 1_000_000n, 2_000_000n]);
});

test('what is outside of the time is in none of its parts', () => {
  const hours = [hour('2026-11-20T00:00:00Z', 1), hour('2026-11-26T00:00:00Z', 1)];
  expect(spans('day', 3, hours, now).every(({ rides }) => rides === 0)).toBe(true);
});

test('money of a span is exact', () => {
  const most = '170141183460469231731687303715884105727';
  const two = [most, '1'].map((driverShare) => ({
    time: '2026-11-25T01:00:00Z',
    count: '1',
    sum: { driverShare, distanceM: null },
  }));
  expect(spans('day', 1, two, now)[0]?.earned).toBe(BigInt(most) + 1n);
});

test('no more is withdrawn than is owed', () => {
  expect(wanted('¥1,234.5', 1_234_500_000n)).toEqual({ ok: true, value: 1_234_500_000n });
  expect(wanted('1234.500001', 1_234_500_000n)).toEqual({ ok: false, trouble: 'too_much' });
  expect(wanted('0', 5n)).toEqual({ ok: false, trouble: 'nothing' });
  expect(wanted('-1', 5n)).toMatchObject({ ok: false });
  expect(wanted('1.0000001', 5_000_000n)).toEqual({ ok: false, trouble: 'too_fine' });
  expect(wanted('', 5n)).toEqual({ ok: false, trouble: 'empty' });
});

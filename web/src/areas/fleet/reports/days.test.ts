import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  askedSpan,
  beginOf,
  dayAt,
  daysOf,
  isDay,
  lengthOf,
  mondayOf,
  plusDays,
  presetSpan,
  spanBefore,
  spanFault,
} from './days';

test('a day of the company begins at its own midnight', () => {
  const late = Date.parse('2026-11-29T16:00:00Z');
  expect(dayAt(late, 480)).toBe('2026-11-30');
  expect(dayAt(late - 1, 480)).toBe('2026-11-29');
  expect(beginOf('2026-11-30', 480)).toBe(late);
});

test('weeks begin on Mondays', () => {
  expect(mondayOf('2026-11-30')).toBe('2026-11-30');
  expect(mondayOf('2026-11-29')).toBe('2026-11-23');
  expect(presetSpan('weeks4', '2026-11-29')).toEqual({ first: '2026-11-02', last: '2026-11-29' });
});

test('what an address says is taken when it can be', () => {
  expect(askedSpan('2026-02-28', '2026-03-01', '2026-11-30')).toEqual({
    first: '2026-02-28',
    last: '2026-03-01',
  });
  const usual = { first: '2026-11-24', last: '2026-11-30' };
  for (const [from, to] of [
    [undefined, undefined],
    ['2026-02-30', '2026-03-01'],
    ['2026-03-02', '2026-03-01'],
    ['2025-03-01', '2026-03-01'],
    ['yesterday', '2026-03-01'],
  ])
    expect(askedSpan(from, to, '2026-11-30')).toEqual(usual);
  expect(isDay('2024-02-29')).toBe(true);
  expect(spanFault({ first: '2026-01-01', last: '2026-04-02' })).toBeNull();
  expect(spanFault({ first: '2026-01-01', last: '2026-04-03' })).toBe('tooLong');
});

test('the span before ends where this one begins, and is as long', () => {
  const day = fc.integer({ min: 0, max: 40_000 }).map((at) => plusDays('1980-01-01', at));
  fc.assert(
    fc.property(day, fc.integer({ min: 1, max: 92 }), (first, length) => {
      const span = { first, last: plusDays(first, length - 1) };
      const before = spanBefore(span);
      expect(lengthOf(span)).toBe(length);
      expect(lengthOf(before)).toBe(length);
      expect(plusDays(before.last, 1)).toBe(first);
      expect(daysOf(span)).toHaveLength(length);
      expect(daysOf(span).at(-1)).toBe(span.last);
    }),
  );
});

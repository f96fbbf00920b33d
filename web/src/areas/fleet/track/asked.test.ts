import { expect, test } from 'vitest';
import { localMs, localText, longestMs, quickSpan, spanFault } from './asked';

const now = new Date(2026, 2, 1, 9, 30).getTime();

test('what a field shows is what it gives back', () => {
  expect(localText(now)).toBe('2026-03-01T09:30');
  expect(localMs(localText(now))).toBe(now);
  expect(localMs('yesterday')).toBeNull();
  expect(localMs('2026-13-01T09:30')).toBeNull();
});

test('a span goes forwards and is no longer than seven days', () => {
  expect(spanFault({ fromMs: now, untilMs: now })).toBe('backwards');
  expect(spanFault({ fromMs: now, untilMs: now + longestMs })).toBeNull();
  expect(spanFault({ fromMs: now, untilMs: now + longestMs + 1 })).toBe('tooLong');
});

test('yesterday is the whole day before, also over the end of a month', () => {
  const { fromMs, untilMs } = quickSpan('yesterday', now);
  expect([localText(fromMs), localText(untilMs)]).toEqual(['2026-02-28T00:00', '2026-03-01T00:00']);
});

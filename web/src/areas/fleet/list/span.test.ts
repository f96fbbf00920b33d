import { expect, test } from 'vitest';
import { spanOf } from './span';

test('seven days begin at midnight six days ago and hold today', () => {
  const now = new Date(2026, 2, 3, 15, 4, 5).getTime();
  const span = spanOf(7, now);
  expect(span).toMatchObject({ fromDay: '2026-02-25', untilDay: '2026-03-04', untilMs: now });
  expect(new Date(span.fromMs).getHours()).toBe(0);
});

test('today is one day', () => {
  const now = new Date(2026, 11, 31, 0, 0, 1).getTime();
  expect(spanOf(1, now)).toMatchObject({ fromDay: '2026-12-31', untilDay: '2027-01-01' });
});

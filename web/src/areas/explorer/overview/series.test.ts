import { expect, test } from 'vitest';
import { filled, span } from './series';

const now = Date.parse('2026-11-30T07:45:12Z');

test('the last three days end with today and begin at midnight of UTC', () => {
  expect(span('day', 3, now)).toEqual({
    interval: 'day',
    since: '2026-11-28T00:00:00.000Z',
    times: ['2026-11-28T00:00:00.000Z', '2026-11-29T00:00:00.000Z', '2026-11-30T00:00:00.000Z'],
  });
});

test('an hour without rides is there with nothing', () => {
  const { times } = span('hour', 3, now);
  const parts = [
    { time: '2026-11-30T05:00:00.000Z', count: '4' },
    { time: '2026-11-30T07:00:00.000Z', count: '1' },
  ];
  expect(filled(times, parts).map((part) => part?.count)).toEqual(['4', undefined, '1']);
});

import { describe, expect, it } from 'vitest';
import { daysIn, spanOf } from './days';

describe('days of a list', () => {
  it('are read from the address, and what is no day is left out', () => {
    expect(daysIn({ from: '2026-11-30', until: '2026-12-01' })).toEqual({
      from: '2026-11-30',
      until: '2026-12-01',
    });
    for (const wrong of ['2026-02-30', '2026-13-01', '26-1-1', '', 7, null]) {
      expect(daysIn({ from: wrong, until: wrong })).toEqual({});
    }
  });

  it('hold the whole of the last day, by the clock of the reader', () => {
    const span = spanOf({ from: '2026-11-30', until: '2026-11-30' });
    const [from, until] = [new Date(span.from_ms ?? 0), new Date((span.until_ms ?? 0) - 1)];
    expect([from.getDate(), from.getHours(), from.getMinutes()]).toEqual([30, 0, 0]);
    expect([until.getDate(), until.getHours(), until.getMinutes()]).toEqual([30, 23, 59]);
    expect(spanOf({})).toEqual({});
    expect(spanOf({ until: '2026-12-31' }).until_ms).toBe(new Date(2027, 0, 1).getTime());
  });
});

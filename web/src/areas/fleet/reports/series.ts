// The rows of charts: one for each day or week, also where nothing was driven.
import { type DaySpan, daysOf, lengthOf, mondayOf, plusDays } from './days';
import { type Found, noDrive, noMoney, type Row, rowsBy } from './sums';

export type Bucket = 'day' | 'week';

/** The days or weeks of a span, in their order. */
export function bucketsOf(span: DaySpan, bucket: Bucket): string[] {
  const days = daysOf(span);
  return bucket === 'day' ? days : [...new Set(days.map(mondayOf))];
}

export function filled(span: DaySpan, bucket: Bucket, rows: readonly Row[]): Row[] {
  const known = new Map(rows.map((row) => [row.key, row]));
  return bucketsOf(span, bucket).map(
    (key) => known.get(key) ?? { key, drive: noDrive, alerts: 0, money: noMoney },
  );
}

/** The span before laid over this one: each of its days in the place of that so many days later. */
export function shifted(before: Found, span: DaySpan): Found {
  const by = lengthOf(span);
  const byMs = by * 86_400_000;
  return {
    days: before.days?.map((day) => ({ ...day, day: plusDays(day.day, by) })) ?? null,
    alerts: before.alerts?.map((alert) => ({ ...alert, opened_ms: alert.opened_ms + byMs })) ?? null,
    money:
      before.money === null
        ? null
        : new Map([...before.money].map(([day, money]) => [plusDays(day, by), money])),
  };
}

export function timeRows(found: Found, span: DaySpan, bucket: Bucket, offsetMin: number): Row[] {
  return filled(span, bucket, rowsBy(bucket, found, offsetMin));
}

export const grades = ['good', 'fair', 'poor'] as const;

/** How many drivers' days of each bucket had which grade, by the tones of `Grade`. */
export function gradesIn(
  found: Found,
  span: DaySpan,
  bucket: Bucket,
): Readonly<Record<(typeof grades)[number], number[]>> {
  const keys = bucketsOf(span, bucket);
  const at = new Map(keys.map((key, index) => [key, index]));
  const counts = { good: keys.map(() => 0), fair: keys.map(() => 0), poor: keys.map(() => 0) };
  for (const { day, safety } of found.days ?? []) {
    const index = at.get(bucket === 'day' ? day : mondayOf(day));
    const grade = safety >= 85 ? 'good' : safety >= 60 ? 'fair' : 'poor';
    if (index !== undefined) counts[grade][index] = (counts[grade][index] ?? 0) + 1;
  }
  return counts;
}

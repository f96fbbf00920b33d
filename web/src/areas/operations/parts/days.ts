/** Days that a list is narrowed to, as they stand in its address: `2026-11-30`, by the reader's clock. */
export interface Days {
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Midnight at the beginning of a day, or of the day after. Undefined where that is no day. */
function midnight(day: string, later = 0): number | undefined {
  const parts = DAY.exec(day);
  if (parts === null) return undefined;
  const [year, month, date] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const begins = new Date(year, month - 1, date);
  // The 30th of February would be another day.
  if (begins.getMonth() !== month - 1 || begins.getDate() !== date) return undefined;
  return new Date(year, month - 1, date + later).getTime();
}

/** What of an address are days. Anything else is left out. */
export function daysIn(search: Readonly<Record<string, unknown>>): Days {
  const day = (value: unknown) =>
    typeof value === 'string' && midnight(value) !== undefined ? value : undefined;
  const [from, until] = [day(search.from), day(search.until)];
  return { ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) };
}

/** From the first moment of the first day until just before the day after the last, in milliseconds of the Unix epoch. */
export function spanOf({ from, until }: Days): { from_ms?: number; until_ms?: number } {
  const begins = from === undefined ? undefined : midnight(from);
  const ends = until === undefined ? undefined : midnight(until, 1);
  return {
    ...(begins === undefined ? {} : { from_ms: begins }),
    ...(ends === undefined ? {} : { until_ms: ends }),
  };
}

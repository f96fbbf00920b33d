// Sums of the index by hour or day, with the hours and days in which nothing happened.

export type Interval = 'hour' | 'day';

const lengths: Readonly<Record<Interval, number>> = { hour: 3_600_000, day: 86_400_000 };

export interface Spanned {
  readonly interval: Interval;
  /** The first moment, at the beginning of an hour or a day of UTC, as the index parts times. */
  readonly since: string;
  /** Every beginning from the first to the one that is now. */
  readonly times: readonly string[];
}

/** The last `count` hours or days, that of now included. */
export function span(interval: Interval, count: number, nowMs: number): Spanned {
  const length = lengths[interval];
  const last = Math.floor(nowMs / length) * length;
  const times = Array.from({ length: count }, (_, at) =>
    new Date(last - (count - 1 - at) * length).toISOString(),
  );
  return { interval, since: times[0] ?? new Date(last).toISOString(), times };
}

/** For each time what it has, or nothing. */
export function filled<T extends { readonly time: string | null }>(
  times: readonly string[],
  parts: readonly T[],
): readonly (T | undefined)[] {
  const byTime = new Map(parts.map((part) => [Date.parse(part.time ?? ''), part]));
  return times.map((time) => byTime.get(Date.parse(time)));
}

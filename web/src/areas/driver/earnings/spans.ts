// Hours of the index put together to days and weeks of the local clock. The index knows days of UTC alone, which would
// cut a night shift in China in two at eight in the morning.

export interface Hour {
  readonly time: string | null;
  readonly count: string;
  readonly sum: { readonly driverShare: string | null; readonly distanceM: string | null };
}

export interface Span {
  /** Its first moment, in milliseconds of the Unix epoch. */
  readonly fromMs: number;
  readonly rides: number;
  /** Micro CNY. */
  readonly earned: bigint;
  readonly metres: number;
}

export type Length = 'day' | 'week';

/** Midnight of the local clock, so many days before or after that of the moment. */
export function midnight(ms: number, days = 0): number {
  const at = new Date(ms);
  return new Date(at.getFullYear(), at.getMonth(), at.getDate() + days).getTime();
}

/** The first moment of the day, or of the week, which begins on Monday. */
export function beginOf(length: Length, ms: number): number {
  return length === 'day' ? midnight(ms) : midnight(ms, -((new Date(ms).getDay() + 6) % 7));
}

/** The last so many days or weeks up to now, the oldest first, those without rides as well. */
export function spans(length: Length, count: number, hours: readonly Hour[], nowMs: number): readonly Span[] {
  const days = length === 'day' ? 1 : 7;
  const last = beginOf(length, nowMs);
  const begins = Array.from({ length: count }, (_, at) => midnight(last, (at - count + 1) * days));
  return begins.map((fromMs) => {
    const end = midnight(fromMs, days);
    const of = hours.filter(({ time }) => {
      const ms = time === null ? Number.NaN : Date.parse(time);
      return ms >= fromMs && ms < end;
    });
    return {
      fromMs,
      rides: of.reduce((sum, hour) => sum + Number(hour.count), 0),
      earned: of.reduce((sum, hour) => sum + BigInt(hour.sum.driverShare ?? '0'), 0n),
      metres: of.reduce((sum, hour) => sum + Number(hour.sum.distanceM ?? '0'), 0),
    };
  });
}

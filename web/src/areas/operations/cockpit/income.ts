// Sums of settled rides by hours and days of the clock where the browser is. The index parts times by hours of UTC.

export interface HourOfIndex {
  readonly time: string | null;
  readonly count: string;
  readonly sum: {
    readonly fare: string | null;
    readonly tolls: string | null;
    readonly driverShare: string | null;
    readonly platform: string | null;
    readonly thirdParties: string | null;
  };
}

export interface Income {
  readonly rides: number;
  /** What riders paid, in micro CNY. */
  readonly gross: bigint;
  readonly drivers: bigint;
  readonly platform: bigint;
  readonly thirdParties: bigint;
}

export interface Span extends Income {
  /** Its beginning, in milliseconds of the Unix epoch. */
  readonly from: number;
}

const none: Income = { rides: 0, gross: 0n, drivers: 0n, platform: 0n, thirdParties: 0n };

function incomeOf({ count, sum }: HourOfIndex): Income {
  const units = (text: string | null) => BigInt(text ?? '0');
  return {
    rides: Number(count),
    gross: units(sum.fare) + units(sum.tolls),
    drivers: units(sum.driverShare),
    platform: units(sum.platform),
    thirdParties: units(sum.thirdParties),
  };
}

function added(one: Income, other: Income): Income {
  return {
    rides: one.rides + other.rides,
    gross: one.gross + other.gross,
    drivers: one.drivers + other.drivers,
    platform: one.platform + other.platform,
    thirdParties: one.thirdParties + other.thirdParties,
  };
}

/** Midnight, `days` days before that of now. */
export function midnight(nowMs: number, days = 0): number {
  const at = new Date(nowMs);
  return new Date(at.getFullYear(), at.getMonth(), at.getDate() - days).getTime();
}

/** The beginning of the hour. */
export function hourOf(ms: number): number {
  return Math.floor(ms / 3_600_000) * 3_600_000;
}

/** The last `count` hours, that of now included, those of nothing as well. */
export function byHour(hours: readonly HourOfIndex[], nowMs: number, count: number): readonly Span[] {
  const begins = Array.from({ length: count }, (_, at) => hourOf(nowMs) - (count - 1 - at) * 3_600_000);
  return spans(hours, begins, hourOf);
}

/** The last `count` days, that of now included, those of nothing as well. */
export function byDay(hours: readonly HourOfIndex[], nowMs: number, count: number): readonly Span[] {
  const begins = Array.from({ length: count }, (_, at) => midnight(nowMs, count - 1 - at));
  return spans(hours, begins, (ms) => midnight(ms));
}

function spans(
  hours: readonly HourOfIndex[],
  begins: readonly number[],
  beginOf: (ms: number) => number,
): readonly Span[] {
  const sums = new Map<number, Income>();
  for (const hour of hours) {
    if (hour.time === null) continue;
    const begin = beginOf(Date.parse(hour.time));
    sums.set(begin, added(sums.get(begin) ?? none, incomeOf(hour)));
  }
  return begins.map((from) => ({ from, ...(sums.get(from) ?? none) }));
}

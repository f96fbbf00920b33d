// Reads a span to its end, or to a bound that is told.
import { call } from '../../../api/call';
import type { Alert, DrivingDay } from '../../../api/methods';
import { ask } from '../../../index/ask';
import type { FleetMoneyHoursQuery } from '../graphql/graphql';
import { beginOf, type DaySpan, dayAt, plusDays } from './days';
import { moneyDriversQuery, moneyHoursQuery } from './queries';
import { addMoney, type Money, noMoney } from './sums';

const pageOf = 500;
/** A driver's day in a vehicle is a row: 200 vehicles with one driver each for a quarter of a year. */
export const mostRows = 20_000;
export const mostAlerts = 10_000;

export interface Read<Row> {
  readonly rows: readonly Row[];
  /** Whether there was more than the bound. */
  readonly isCut: boolean;
}

/** Follows a list's cursors until it ends or the bound is reached. */
export async function readPages<Row>(
  most: number,
  page: (cursor: string | undefined) => Promise<{ rows: readonly Row[]; next?: string | undefined }>,
): Promise<Read<Row>> {
  const rows: Row[] = [];
  let cursor: string | undefined;
  // Also a service that gives empty pages for ever comes to an end.
  for (let count = 0; count < most / pageOf; count++) {
    const answer = await page(cursor);
    rows.push(...answer.rows);
    cursor = answer.next;
    if (cursor === undefined) return { rows, isCut: false };
  }
  return { rows, isCut: true };
}

export function readDays(
  { first, last }: DaySpan,
  vehicle: number | undefined,
  signal: AbortSignal,
): Promise<Read<DrivingDay>> {
  return readPages(mostRows, async (after) => {
    const { days, next } = await call(
      'telemetry_days',
      {
        from_day: first,
        until_day: plusDays(last, 1),
        limit: pageOf,
        ...(vehicle === undefined ? {} : { vehicles: [vehicle] }),
        ...(after === undefined ? {} : { after }),
      },
      { signal },
    );
    return { rows: days, next };
  });
}

export function readAlerts(
  { first, last }: DaySpan,
  offsetMin: number,
  vehicle: number | undefined,
  signal: AbortSignal,
): Promise<Read<Alert>> {
  return readPages(mostAlerts, async (before) => {
    const { alerts, next } = await call(
      'telemetry_alerts',
      {
        from_ms: beginOf(first, offsetMin),
        until_ms: beginOf(plusDays(last, 1), offsetMin),
        limit: pageOf,
        ...(vehicle === undefined ? {} : { vehicles: [vehicle] }),
        ...(before === undefined ? {} : { before }),
      },
      { signal },
    );
    return { rows: alerts, next };
  });
}

type Sums = FleetMoneyHoursQuery['ridesAggregate'][number]['sum'];

const of = (text: string | null) => BigInt(text ?? '0');

function moneyOf(count: string, sum: Sums): Money {
  return {
    rides: BigInt(count),
    gross: of(sum.fare) + of(sum.tolls),
    drivers: of(sum.driverShare),
    platform: of(sum.platform),
    others: of(sum.thirdParties),
  };
}

const instant = (ms: number) => new Date(ms).toISOString();
/** An answer of the index has 1,000 parts at most: hours of so many days fit. */
const hoursOf = 31;

/**
 * What was settled on each day of the company's clock, of one driver or all. The index parts by hours of UTC: where
 * the clock is not whole hours away, what was settled in the hour around midnight is of the day in which it begins.
 */
export async function readMoneyByDay(
  company: number,
  span: DaySpan,
  offsetMin: number,
  driver: number | undefined,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Money>> {
  const days = new Map<string, Money>();
  for (let first = span.first; first <= span.last; first = plusDays(first, hoursOf)) {
    const after = plusDays(first, hoursOf);
    const end = after <= span.last ? after : plusDays(span.last, 1);
    const { ridesAggregate } = await ask(
      moneyHoursQuery,
      {
        where: {
          companyId: company,
          time_gte: instant(beginOf(first, offsetMin)),
          time_lt: instant(beginOf(end, offsetMin)),
          ...(driver === undefined ? {} : { driverId: driver }),
        },
      },
      { signal },
    );
    for (const { time, count, sum } of ridesAggregate) {
      if (time === null) continue;
      const day = dayAt(Math.max(Date.parse(time), beginOf(first, offsetMin)), offsetMin);
      days.set(day, addMoney(days.get(day) ?? noMoney, moneyOf(count, sum)));
    }
  }
  return days;
}

/** What was settled of each driver. `isCut`: there are more than the index gives at once. */
export async function readMoneyByDriver(
  company: number,
  span: DaySpan,
  offsetMin: number,
  driver: number | undefined,
  signal: AbortSignal,
): Promise<{ readonly drivers: ReadonlyMap<string, Money>; readonly isCut: boolean }> {
  const { ridesAggregate } = await ask(
    moneyDriversQuery,
    {
      where: {
        companyId: company,
        time_gte: instant(beginOf(span.first, offsetMin)),
        time_lt: instant(beginOf(plusDays(span.last, 1), offsetMin)),
        ...(driver === undefined ? {} : { driverId: driver }),
      },
    },
    { signal },
  );
  const drivers = new Map(
    ridesAggregate.map(({ driverId, count, sum }) => [String(driverId ?? ''), moneyOf(count, sum)]),
  );
  return { drivers, isCut: ridesAggregate.length >= 1_000 };
}

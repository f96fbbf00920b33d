import type { FleetSettledQuery } from '../graphql/graphql';

/** What was settled on a day of UTC. Money in micro CNY. */
export interface SettledDay {
  readonly day: string;
  readonly batches: bigint;
  readonly rides: bigint;
  readonly gross: bigint;
  readonly drivers: bigint;
  readonly platform: bigint;
  readonly thirdParties: bigint;
}

const of = (text: string | null | undefined) => BigInt(text ?? '0');

/** The index's days, the newest first. */
export function settledDays(rows: FleetSettledQuery['days']): SettledDay[] {
  return rows
    .flatMap(({ time, count, sum }) =>
      time === null
        ? []
        : [
            {
              day: time.slice(0, 10),
              batches: of(count),
              rides: of(sum.rideCount),
              gross: of(sum.gross),
              drivers: of(sum.drivers),
              platform: of(sum.platform),
              thirdParties: of(sum.thirdParties),
            },
          ],
    )
    .sort((one, other) => other.day.localeCompare(one.day));
}

/** All days together. */
export function added(days: readonly SettledDay[]): Omit<SettledDay, 'day'> {
  const sum = (key: keyof Omit<SettledDay, 'day'>) => days.reduce((whole, day) => whole + day[key], 0n);
  return {
    batches: sum('batches'),
    rides: sum('rides'),
    gross: sum('gross'),
    drivers: sum('drivers'),
    platform: sum('platform'),
    thirdParties: sum('thirdParties'),
  };
}

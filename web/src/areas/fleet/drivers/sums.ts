// What drivers did in a span, added up over vehicles and days.
import type { DrivingDay } from '../../../api/methods';

export interface DriverSum {
  /** Null: it is not known who drove. */
  readonly driver: number | null;
  readonly days: number;
  readonly trips: number;
  readonly distanceM: number;
  readonly movingMs: number;
  readonly nightMs: number;
  readonly speedingMs: number;
  /** Harsh accelerations, brakings and cornerings. */
  readonly harsh: number;
  /** The lowest grade of a day. */
  readonly safety: number;
}

/** Who drove most comes first. */
export function sumsByDriver(days: readonly DrivingDay[]): DriverSum[] {
  const sums = new Map<number | null, DriverSum & { readonly seen: ReadonlySet<string> }>();
  for (const { driver = null, day, trips, driving, safety } of days) {
    const before = sums.get(driver);
    const seen = new Set(before?.seen).add(day);
    sums.set(driver, {
      driver,
      seen,
      days: seen.size,
      trips: (before?.trips ?? 0) + trips,
      distanceM: (before?.distanceM ?? 0) + driving.distance_m,
      movingMs: (before?.movingMs ?? 0) + driving.moving_ms,
      nightMs: (before?.nightMs ?? 0) + driving.night_ms,
      speedingMs: (before?.speedingMs ?? 0) + driving.speeding_ms,
      harsh: (before?.harsh ?? 0) + driving.accelerations + driving.brakings + driving.cornerings,
      safety: Math.min(before?.safety ?? 100, safety),
    });
  }
  return [...sums.values()]
    .map(({ seen: _seen, ...sum }) => sum)
    .sort((one, other) => other.distanceM - one.distanceM);
}

/** Harsh manoeuvres in 100 km. Distances below 20 km count as 20 km, as grades do it. */
export function harshIn100Km({ harsh, distanceM }: DriverSum): number {
  return (harsh * 100_000) / Math.max(distanceM, 20_000);
}

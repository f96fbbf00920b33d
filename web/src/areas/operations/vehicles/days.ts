// What was driven by day and by vehicle, out of the days of the telemetry and the rides of the index.
import type { DrivingDay } from '../../../api/methods';
import { formatDate, momentMs } from '../../../format/times';

/** How many days are shown. */
export type Days = 7 | 30;

/** The last days by the clock of the place where the browser is, that of now included: the first first. */
export function lastDays(days: Days, nowMs: number): readonly string[] {
  const now = new Date(nowMs);
  return Array.from({ length: days }, (_, at) =>
    formatDate(new Date(now.getFullYear(), now.getMonth(), now.getDate() - (days - 1 - at)).getTime()),
  );
}

/** The day after a day, as `until` wants it. */
export function dayAfter(day: string): string {
  const at = new Date(`${day}T12:00:00Z`);
  at.setUTCDate(at.getUTCDate() + 1);
  return at.toISOString().slice(0, 10);
}

export interface DrivenDay {
  readonly day: string;
  readonly distanceM: number;
  readonly trips: number;
  /** Vehicles that made a trip. */
  readonly vehicles: number;
}

/** What was driven on each of these days, those of nothing as well. */
export function byDay(days: readonly string[], driven: readonly DrivingDay[]): readonly DrivenDay[] {
  return days.map((day) => {
    const of = driven.filter((one) => one.day === day && one.driving.distance_m > 0);
    return {
      day,
      distanceM: sum(of, ({ driving }) => driving.distance_m),
      trips: sum(of, ({ trips }) => trips),
      vehicles: new Set(of.map(({ vehicle }) => vehicle)).size,
    };
  });
}

export interface DrivenBy {
  readonly vehicle: number;
  readonly days: number;
  readonly trips: number;
  readonly distanceM: number;
  readonly movingMs: number;
  readonly fuelMl: number | undefined;
  readonly energyWh: number | undefined;
}

/** What each vehicle drove, who drove most first. */
export function byVehicle(driven: readonly DrivingDay[]): readonly DrivenBy[] {
  const vehicles = new Map<number, DrivingDay[]>();
  for (const one of driven) vehicles.set(one.vehicle, [...(vehicles.get(one.vehicle) ?? []), one]);
  return [...vehicles]
    .map(([vehicle, of]) => ({
      vehicle,
      days: new Set(of.map(({ day }) => day)).size,
      trips: sum(of, ({ trips }) => trips),
      distanceM: sum(of, ({ driving }) => driving.distance_m),
      movingMs: sum(of, ({ driving }) => driving.moving_ms),
      fuelMl: known(of, ({ driving }) => driving.fuel_ml),
      energyWh: known(of, ({ driving }) => driving.energy_wh),
    }))
    .sort((a, b) => b.distanceM - a.distanceM || a.vehicle - b.vehicle);
}

function sum<T>(of: readonly T[], value: (one: T) => number): number {
  return of.reduce((all, one) => all + value(one), 0);
}

/** The sum of what is known; undefined where nothing is. */
function known<T>(of: readonly T[], value: (one: T) => number | undefined): number | undefined {
  const values = of.map(value).filter((one) => one !== undefined);
  return values.length === 0 ? undefined : sum(values, (one) => one);
}

export interface HourRow {
  readonly time: string | null;
  readonly count: string;
  readonly sum: { readonly distanceM: string | null };
}

export interface RideDay {
  readonly day: string;
  readonly rides: number;
  readonly distanceM: number;
}

/** Rides that were settled on each of these days. */
export function ridesByDay(days: readonly string[], hours: readonly HourRow[]): readonly RideDay[] {
  const sums = new Map(days.map((day) => [day, { day, rides: 0, distanceM: 0 }]));
  for (const { time, count, sum: of } of hours) {
    const day = time === null ? undefined : sums.get(formatDate(momentMs(time)));
    if (day === undefined) continue;
    day.rides += Number(count);
    day.distanceM += Number(of.distanceM ?? '0');
  }
  return [...sums.values()];
}

// What was driven, alerted and settled, added up by day, week, vehicle or driver.
import type { Alert, DrivingDay } from '../../../api/methods';
import type { Grouping } from './choices';
import { dayAt, mondayOf } from './days';

/** How it was driven. Sums in metres, milliseconds, millilitres and watt hours. */
export interface Drive {
  readonly trips: number;
  readonly distanceM: number;
  readonly movingMs: number;
  readonly idleMs: number;
  readonly nightMs: number;
  readonly speedingMs: number;
  readonly speedings: number;
  readonly harsh: number;
  /** Null: nobody told it. */
  readonly fuelMl: number | null;
  /** The distance of which the fuel is known. */
  readonly fuelM: number;
  readonly energyWh: number | null;
  readonly energyM: number;
  /** Grades times metres, so that a mean by distance comes of them. */
  readonly safetySum: number;
  readonly safetyM: number;
  /** The lowest grade of a day. */
  readonly safetyWorst: number | null;
  readonly economySum: number;
  readonly economyM: number;
}

export const noDrive: Drive = {
  trips: 0,
  distanceM: 0,
  movingMs: 0,
  idleMs: 0,
  nightMs: 0,
  speedingMs: 0,
  speedings: 0,
  harsh: 0,
  fuelMl: null,
  fuelM: 0,
  energyWh: null,
  energyM: 0,
  safetySum: 0,
  safetyM: 0,
  safetyWorst: null,
  economySum: 0,
  economyM: 0,
};

/** A day of a driver in a vehicle. */
export function driveOf({ driving, trips, safety, economy }: DrivingDay): Drive {
  const { distance_m: distanceM, fuel_ml: fuelMl, energy_wh: energyWh } = driving;
  // A day without distance has a grade as well.
  const weight = Math.max(distanceM, 1);
  return {
    trips,
    distanceM,
    movingMs: driving.moving_ms,
    idleMs: driving.idle_ms,
    nightMs: driving.night_ms,
    speedingMs: driving.speeding_ms,
    speedings: driving.speedings,
    harsh: driving.accelerations + driving.brakings + driving.cornerings,
    fuelMl: fuelMl ?? null,
    fuelM: fuelMl === undefined ? 0 : distanceM,
    energyWh: energyWh ?? null,
    energyM: energyWh === undefined ? 0 : distanceM,
    safetySum: safety * weight,
    safetyM: weight,
    safetyWorst: safety,
    economySum: economy === undefined ? 0 : economy * weight,
    economyM: economy === undefined ? 0 : weight,
  };
}

export function addDrives(one: Drive, other: Drive): Drive {
  const known = (a: number | null, b: number | null) => (a === null ? b : b === null ? a : a + b);
  const worst = [one.safetyWorst, other.safetyWorst].filter((grade) => grade !== null);
  return {
    trips: one.trips + other.trips,
    distanceM: one.distanceM + other.distanceM,
    movingMs: one.movingMs + other.movingMs,
    idleMs: one.idleMs + other.idleMs,
    nightMs: one.nightMs + other.nightMs,
    speedingMs: one.speedingMs + other.speedingMs,
    speedings: one.speedings + other.speedings,
    harsh: one.harsh + other.harsh,
    fuelMl: known(one.fuelMl, other.fuelMl),
    fuelM: one.fuelM + other.fuelM,
    energyWh: known(one.energyWh, other.energyWh),
    energyM: one.energyM + other.energyM,
    safetySum: one.safetySum + other.safetySum,
    safetyM: one.safetyM + other.safetyM,
    safetyWorst: worst.length === 0 ? null : Math.min(...worst),
    economySum: one.economySum + other.economySum,
    economyM: one.economyM + other.economyM,
  };
}

/** The mean grade by distance; null: there is none. */
export const safetyOf = ({ safetySum, safetyM }: Drive) => (safetyM === 0 ? null : safetySum / safetyM);
export const economyOf = ({ economySum, economyM }: Drive) => (economyM === 0 ? null : economySum / economyM);

/** Harsh manoeuvres in 100 km. Distances below 20 km count as 20 km, as grades do it. */
export const harshIn100Km = ({ harsh, distanceM }: Drive) => (harsh * 100_000) / Math.max(distanceM, 20_000);

/** Litres of fuel, or kilowatt hours, for 100 km; null where it is not known or nothing was driven. */
export const fuelIn100Km = ({ fuelMl, fuelM }: Drive) =>
  fuelMl === null || fuelM === 0 ? null : (fuelMl * 100) / fuelM;
export const energyIn100Km = ({ energyWh, energyM }: Drive) =>
  energyWh === null || energyM === 0 ? null : (energyWh * 100) / energyM;

/** What riders paid, and who got it. Micro CNY. */
export interface Money {
  readonly rides: bigint;
  readonly gross: bigint;
  readonly drivers: bigint;
  readonly platform: bigint;
  readonly others: bigint;
}

export const noMoney: Money = { rides: 0n, gross: 0n, drivers: 0n, platform: 0n, others: 0n };

export function addMoney(one: Money, other: Money): Money {
  return {
    rides: one.rides + other.rides,
    gross: one.gross + other.gross,
    drivers: one.drivers + other.drivers,
    platform: one.platform + other.platform,
    others: one.others + other.others,
  };
}

export interface Row {
  /** A day, a Monday, or the number of a vehicle or driver; empty: the driver is not known. */
  readonly key: string;
  readonly drive: Drive;
  readonly alerts: number;
  readonly money: Money;
}

/** What was read of a span. What is null may not be seen, or is not known so. */
export interface Found {
  readonly days: readonly DrivingDay[] | null;
  readonly alerts: readonly Alert[] | null;
  /** By day or by driver, as the grouping wants it. */
  readonly money: ReadonlyMap<string, Money> | null;
}

const timeKey = (grouping: Grouping, day: string) => (grouping === 'week' ? mondayOf(day) : day);

/** The rows of a report: days and weeks the newest first, vehicles and drivers by what they drove. */
export function rowsBy(grouping: Grouping, found: Found, offsetMin: number): Row[] {
  const rows = new Map<string, Row>();
  const change = (key: string, next: (row: Row) => Row) =>
    rows.set(key, next(rows.get(key) ?? { key, drive: noDrive, alerts: 0, money: noMoney }));
  const isTime = grouping === 'day' || grouping === 'week';
  const keyOf = (day: string, of: { vehicle: number; driver?: number }) =>
    isTime ? timeKey(grouping, day) : String((grouping === 'vehicle' ? of.vehicle : of.driver) ?? '');
  for (const day of found.days ?? [])
    change(keyOf(day.day, day), (row) => ({ ...row, drive: addDrives(row.drive, driveOf(day)) }));
  for (const alert of found.alerts ?? [])
    change(keyOf(dayAt(alert.opened_ms, offsetMin), alert), (row) => ({ ...row, alerts: row.alerts + 1 }));
  if (grouping !== 'vehicle')
    for (const [key, money] of found.money ?? [])
      change(isTime ? timeKey(grouping, key) : key, (row) => ({ ...row, money: addMoney(row.money, money) }));
  return [...rows.values()].sort((one, other) =>
    isTime
      ? other.key.localeCompare(one.key)
      : other.drive.distanceM - one.drive.distanceM ||
        (other.money.gross > one.money.gross ? 1 : other.money.gross < one.money.gross ? -1 : 0) ||
        one.key.localeCompare(other.key, 'en', { numeric: true }),
  );
}

/** All rows together. */
export function totalOf(rows: readonly Row[]): Omit<Row, 'key'> {
  return rows.reduce<Omit<Row, 'key'>>(
    (whole, row) => ({
      drive: addDrives(whole.drive, row.drive),
      alerts: whole.alerts + row.alerts,
      money: addMoney(whole.money, row.money),
    }),
    { drive: noDrive, alerts: 0, money: noMoney },
  );
}

/** How much more than before, as a share; null where there is nothing to compare with. */
export function changeOf(now: number | null, before: number | null): number | null {
  return now === null || before === null || before === 0 ? null : (now - before) / before;
}

// Vehicles counted: of the chain by company, class and status, and of the company's own by what they do now.
import type { Alert, VehicleState } from '../../../api/methods';

export interface CountRow {
  readonly ownerId: number | null;
  readonly class: string | null;
  readonly status: string | null;
  readonly count: string;
}

/** Counts of one company. */
export interface OfCompany {
  readonly company: number;
  readonly total: number;
  readonly byClass: ReadonlyMap<string, number>;
  readonly byStatus: ReadonlyMap<string, number>;
}

/** The companies that have vehicles, those with most first. */
export function byCompany(rows: readonly CountRow[]): readonly OfCompany[] {
  const companies = new Map<number, CountRow[]>();
  for (const row of rows) {
    if (row.ownerId === null) continue;
    companies.set(row.ownerId, [...(companies.get(row.ownerId) ?? []), row]);
  }
  return [...companies]
    .map(([company, of]) => ({
      company,
      total: total(of),
      byClass: counted(of, (row) => row.class),
      byStatus: counted(of, (row) => row.status),
    }))
    .sort((a, b) => b.total - a.total || a.company - b.company);
}

export function total(rows: readonly CountRow[]): number {
  return rows.reduce((sum, { count }) => sum + Number(count), 0);
}

/** How many of each. */
export function counted(
  rows: readonly CountRow[],
  of: (row: CountRow) => string | null,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const key = of(row);
    if (key !== null) counts.set(key, (counts.get(key) ?? 0) + Number(row.count));
  }
  return counts;
}

/** What a vehicle does now: an alert that somebody should look at goes before everything else. */
export const looks = ['moving', 'idle', 'alert', 'offline'] as const;
export type Look = (typeof looks)[number];

/** What a vehicle runs on, as far as it has told: the chain does not know. */
export const energies = ['electric', 'fuel', 'both', 'untold'] as const;
export type Energy = (typeof energies)[number];

/** Below this speed in km/h a vehicle stands: what receivers tell of one that does. */
const movesFromKmh = 3;

export function lookOf(state: VehicleState, isAlarmed: boolean): Look {
  if (isAlarmed) return 'alert';
  if (!state.online) return 'offline';
  return (state.fix?.speed_kmh ?? 0) >= movesFromKmh ? 'moving' : 'idle';
}

export function energyOf(state: VehicleState): Energy {
  const isElectric = state.charge_permille !== undefined;
  const isFuelled = state.fuel_permille !== undefined || state.fuel_ml !== undefined;
  if (isElectric && isFuelled) return 'both';
  if (isElectric) return 'electric';
  return isFuelled ? 'fuel' : 'untold';
}

/** Vehicles with an open alert that is more than a notice. */
export function alarmed(alerts: readonly Alert[]): ReadonlySet<number> {
  const urgent = alerts.filter(
    ({ state, severity }) => state === 'open' && (severity === 'warning' || severity === 'critical'),
  );
  return new Set(urgent.map(({ vehicle }) => vehicle));
}

export interface Now {
  readonly looks: Readonly<Record<Look, number>>;
  readonly energies: Readonly<Record<Energy, number>>;
  readonly online: number;
}

export function countNow(states: readonly VehicleState[], alerts: readonly Alert[]): Now {
  const urgent = alarmed(alerts);
  const now = {
    looks: { moving: 0, idle: 0, alert: 0, offline: 0 },
    energies: { electric: 0, fuel: 0, both: 0, untold: 0 },
    online: 0,
  };
  for (const state of states) {
    now.looks[lookOf(state, urgent.has(state.vehicle))] += 1;
    now.energies[energyOf(state)] += 1;
    if (state.online) now.online += 1;
  }
  return now;
}

// Tariffs: what a ride costs in a city, and who gets which share of it. As primitives/src/tariff.rs has it; amounts are in
// micro CNY.
import * as v from 'valibot';
import { isWhole } from './split';

/** A time of day at which metered fares are higher. */
export interface Window {
  /** Bit 0 is Monday. */
  readonly days: number;
  /** First minute of the local day. */
  readonly fromMinute: number;
  /** The minute after the last. Smaller than the first: it ends on the next day, and counts to the day on which it began. */
  readonly untilMinute: number;
  readonly surchargePermille: number;
}

/** What a ride costs. */
export interface FareTable {
  readonly base: bigint;
  readonly includedM: number;
  readonly perKm: bigint;
  readonly perMinute: bigint;
  readonly freeWaitingS: number;
  readonly perWaitingMinute: bigint;
  readonly minimum: bigint;
  readonly cancellation: bigint;
  readonly rounding: bigint;
  readonly utcOffsetMinutes: number;
  readonly windows: readonly Window[];
  readonly maxSurgePermille: number;
  readonly maxDistanceM: number;
  readonly maxDurationS: number;
  readonly maxWaitingS: number;
  readonly maxTollsFen: number;
}

/** Shares in parts per million of the fare without tolls. */
export interface SplitPolicy {
  readonly driverPpm: number;
  readonly platformPpm: number;
  readonly thirdParties: readonly { readonly company: number; readonly ppm: number }[];
}

export interface Tariff {
  readonly table: FareTable;
  readonly split: SplitPolicy;
}

/** Why a tariff can never come into force: what `Tariff::validate` of the chain says. */
export type TariffFault =
  | 'shares'
  | 'thirdParty'
  | 'window'
  | 'rounding'
  | 'utcOffset'
  | 'multiplier'
  | 'tooDear';

/** The dearest ride any tariff may make possible: ten million CNY. */
const maxFare = 10_000_000_000_000n;
const maxMultiplierPermille = 10_000;
const maxRounding = 100_000_000n;
/** Windows, and third parties, that one tariff may have. */
export const mostParts = 8;
export const dayMinutes = 24 * 60;
export const unitsPerFen = 10_000n;

/** The first fault, in the order in which the chain looks; null where there is none. */
export function tariffFault({ table, split }: Tariff): TariffFault | null {
  if (!isWhole(partsOf(split))) return 'shares';
  const named = split.thirdParties.map(({ company }) => company);
  if (new Set(named).size < named.length || named.length > mostParts) return 'thirdParty';
  return tableFault(table);
}

function tableFault(table: FareTable): TariffFault | null {
  if (table.windows.length > mostParts || !table.windows.every(isWindow)) return 'window';
  if (table.rounding < 1n || table.rounding > maxRounding) return 'rounding';
  if (Math.abs(table.utcOffsetMinutes) > 14 * 60) return 'utcOffset';
  const surcharge = Math.max(0, ...table.windows.map(({ surchargePermille }) => surchargePermille));
  if (table.maxSurgePermille < 1000 || table.maxSurgePermille + surcharge > maxMultiplierPermille) {
    return 'multiplier';
  }
  return dearest(table) > maxFare ? 'tooDear' : null;
}

function isWindow({ days, fromMinute, untilMinute }: Window): boolean {
  return (
    days !== 0 &&
    days < 1 << 7 &&
    fromMinute < dayMinutes &&
    untilMinute <= dayMinutes &&
    fromMinute !== untilMinute
  );
}

/** An upper bound of every fare within the limits. */
function dearest(table: FareTable): bigint {
  const metered =
    table.base +
    (BigInt(table.maxDistanceM) * table.perKm) / 1000n +
    (BigInt(table.maxDurationS) * table.perMinute) / 60n +
    (BigInt(table.maxWaitingS) * table.perWaitingMinute) / 60n +
    table.cancellation +
    table.minimum;
  const multiplied = metered * (BigInt(maxMultiplierPermille) / 1000n);
  return multiplied + table.rounding + BigInt(table.maxTollsFen) * unitsPerFen;
}

/** The shares in the order in which a fare is cut: driver, platform, third parties as listed. */
export function partsOf(split: SplitPolicy): readonly number[] {
  return [split.driverPpm, split.platformPpm, ...split.thirdParties.map(({ ppm }) => ppm)];
}

/** Where a time lies in the week of the table's clock. */
export function localTime(
  table: FareTable,
  unixS: number,
): { readonly day: number; readonly minute: number } {
  const minutes = Math.floor(unixS / 60) + table.utcOffsetMinutes;
  // 1970-01-01 was a Thursday, day 3 of a week that starts on Monday.
  return { day: (Math.floor(minutes / dayMinutes) + 3) % 7, minute: minutes % dayMinutes };
}

/** The highest surcharge of the windows that are open at a pick-up, in thousandths of the metered fare. */
export function surchargePermille(table: FareTable, unixS: number): number {
  const { day, minute } = localTime(table, unixS);
  const open = table.windows.filter((window) => covers(window, day, minute));
  return Math.max(0, ...open.map((window) => window.surchargePermille));
}

function covers(window: Window, day: number, minute: number): boolean {
  const on = (weekday: number) => ((window.days >> weekday) & 1) === 1;
  if (window.fromMinute < window.untilMinute) {
    return on(day) && minute >= window.fromMinute && minute < window.untilMinute;
  }
  return (on(day) && minute >= window.fromMinute) || (on((day + 6) % 7) && minute < window.untilMinute);
}

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
/** Integers of 64 bits are digits. */
const units = v.pipe(
  v.string(),
  v.regex(/^\d{1,20}$/),
  v.transform((digits) => BigInt(digits)),
);

const schema = v.object({
  table: v.object({
    base: units,
    included_m: count,
    per_km: units,
    per_minute: units,
    free_waiting_s: count,
    per_waiting_minute: units,
    minimum: units,
    cancellation: units,
    rounding: units,
    utc_offset_minutes: v.pipe(v.number(), v.integer()),
    windows: v.array(
      v.object({ days: count, from_minute: count, until_minute: count, surcharge_permille: count }),
    ),
    max_surge_permille: count,
    max_distance_m: count,
    max_duration_s: count,
    max_waiting_s: count,
    max_tolls_fen: count,
  }),
  split: v.object({
    driver_ppm: count,
    platform_ppm: count,
    third_parties: v.array(v.object({ company: count, ppm: count })),
  }),
});

/** A tariff of the index; undefined where it has another form, as one of a later runtime may. */
export function readTariff(json: unknown): Tariff | undefined {
  const read = v.safeParse(schema, json);
  if (!read.success) return undefined;
  const { table: t, split } = read.output;
  return {
    table: {
      base: t.base,
      includedM: t.included_m,
      perKm: t.per_km,
      perMinute: t.per_minute,
      freeWaitingS: t.free_waiting_s,
      perWaitingMinute: t.per_waiting_minute,
      minimum: t.minimum,
      cancellation: t.cancellation,
      rounding: t.rounding,
      utcOffsetMinutes: t.utc_offset_minutes,
      windows: t.windows.map((window) => ({
        days: window.days,
        fromMinute: window.from_minute,
        untilMinute: window.until_minute,
        surchargePermille: window.surcharge_permille,
      })),
      maxSurgePermille: t.max_surge_permille,
      maxDistanceM: t.max_distance_m,
      maxDurationS: t.max_duration_s,
      maxWaitingS: t.max_waiting_s,
      maxTollsFen: t.max_tolls_fen,
    },
    split: {
      driverPpm: split.driver_ppm,
      platformPpm: split.platform_ppm,
      thirdParties: split.third_parties,
    },
  };
}

/** The argument of the chain's call `Tariffs.propose`. */
export function tariffArgument({ table: t, split }: Tariff): Readonly<Record<string, unknown>> {
  return {
    table: {
      base: t.base,
      included_m: t.includedM,
      per_km: t.perKm,
      per_minute: t.perMinute,
      free_waiting_s: t.freeWaitingS,
      per_waiting_minute: t.perWaitingMinute,
      minimum: t.minimum,
      cancellation: t.cancellation,
      rounding: t.rounding,
      utc_offset_minutes: t.utcOffsetMinutes,
      windows: t.windows.map((window) => ({
        days: window.days,
        from_minute: window.fromMinute,
        until_minute: window.untilMinute,
        surcharge_permille: window.surchargePermille,
      })),
      max_surge_permille: t.maxSurgePermille,
      max_distance_m: t.maxDistanceM,
      max_duration_s: t.maxDurationS,
      max_waiting_s: t.maxWaitingS,
      max_tolls_fen: t.maxTollsFen,
    },
    split: {
      driver_ppm: split.driverPpm,
      platform_ppm: split.platformPpm,
      third_parties: split.thirdParties.map(({ company, ppm }) => ({ company, ppm })),
    },
  };
}

// A tariff as a person types it, and what it comes to. Every field is a text in the unit that people use.
import { type Tariff, type TariffFault, tariffFault, type Window } from '../../../tariff/tariff';
import { clockOf } from '../../../tariff/windows';
import { type DecimalTrouble, scaled, unscaled } from './decimal';

export interface WindowDraft {
  /** Bit 0 is Monday. */
  readonly days: number;
  /** `23:00`. */
  readonly from: string;
  readonly until: string;
  /** Per cent of the metered fare. */
  readonly surcharge: string;
}

export interface ShareDraft {
  readonly company: number | undefined;
  /** Per cent. */
  readonly share: string;
}

/** The fields that are one number, what it is multiplied by, and the largest value that the chain's type holds. */
const fields = {
  base: [1_000_000n, 'u64'],
  includedKm: [1_000n, 'u32'],
  perKm: [1_000_000n, 'u64'],
  perMinute: [1_000_000n, 'u64'],
  freeWaitingMin: [60n, 'u32'],
  perWaitingMinute: [1_000_000n, 'u64'],
  minimum: [1_000_000n, 'u64'],
  cancellation: [1_000_000n, 'u64'],
  rounding: [1_000_000n, 'u64'],
  maxSurge: [1_000n, 'u16'],
  maxKm: [1_000n, 'u32'],
  maxHours: [3_600n, 'u32'],
  maxWaitingMin: [60n, 'u32'],
  maxTolls: [100n, 'u32'],
  driver: [10_000n, 'u32'],
  platform: [10_000n, 'u32'],
} as const satisfies Readonly<Record<string, readonly [factor: bigint, type: keyof typeof largest]>>;

const largest = { u16: 65_535n, u32: 4_294_967_295n, u64: 2n ** 64n - 1n } as const;

export type Field = keyof typeof fields;
export const fieldNames = Object.keys(fields) as readonly Field[];

export interface Draft {
  readonly values: Readonly<Record<Field, string>>;
  readonly utcOffsetMinutes: number;
  readonly windows: readonly WindowDraft[];
  readonly thirdParties: readonly ShareDraft[];
}

export type Trouble = DecimalTrouble | 'noDay' | 'noLength' | 'noCompany';

export interface ReadDraft {
  /** What is wrong, by field; `window 0` and `share 0` for those of lists. */
  readonly troubles: ReadonlyMap<string, Trouble>;
  /** Nothing while a field is wrong. */
  readonly tariff: Tariff | undefined;
  /** Why the chain would refuse it. */
  readonly fault: TariffFault | null;
  /** What is left of 100 %, in parts per million; more than nothing: it is missing. */
  readonly missingPpm: number | undefined;
}

/** A tariff as it would have been typed. */
export function draftOf({ table: t, split }: Tariff): Draft {
  const values: Record<Field, string> = {
    base: unscaled(t.base, fields.base[0]),
    includedKm: unscaled(t.includedM, fields.includedKm[0]),
    perKm: unscaled(t.perKm, fields.perKm[0]),
    perMinute: unscaled(t.perMinute, fields.perMinute[0]),
    freeWaitingMin: unscaled(t.freeWaitingS, fields.freeWaitingMin[0]),
    perWaitingMinute: unscaled(t.perWaitingMinute, fields.perWaitingMinute[0]),
    minimum: unscaled(t.minimum, fields.minimum[0]),
    cancellation: unscaled(t.cancellation, fields.cancellation[0]),
    rounding: unscaled(t.rounding, fields.rounding[0]),
    maxSurge: unscaled(t.maxSurgePermille, fields.maxSurge[0]),
    maxKm: unscaled(t.maxDistanceM, fields.maxKm[0]),
    maxHours: unscaled(t.maxDurationS, fields.maxHours[0]),
    maxWaitingMin: unscaled(t.maxWaitingS, fields.maxWaitingMin[0]),
    maxTolls: unscaled(t.maxTollsFen, fields.maxTolls[0]),
    driver: unscaled(split.driverPpm, fields.driver[0]),
    platform: unscaled(split.platformPpm, fields.platform[0]),
  };
  return {
    values,
    utcOffsetMinutes: t.utcOffsetMinutes,
    windows: t.windows.map((window) => ({
      days: window.days,
      from: clockOf(window.fromMinute),
      until: clockOf(window.untilMinute),
      surcharge: unscaled(window.surchargePermille, 10n),
    })),
    thirdParties: split.thirdParties.map(({ company, ppm }) => ({ company, share: unscaled(ppm, 10_000n) })),
  };
}

/** The minute of a day, of 24:00 at its end as well. */
export function minuteOf(clock: string): number | undefined {
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})$/.exec(clock.normalize('NFKC').trim()) ?? [];
  const minute = Number(hours) * 60 + Number(minutes);
  return hours === undefined || Number(minutes) > 59 || minute > 1440 ? undefined : minute;
}

export function readDraft(draft: Draft): ReadDraft {
  const troubles = new Map<string, Trouble>();
  const number = (name: string, typed: string, factor: bigint, most: bigint): bigint => {
    const read = scaled(typed, factor);
    if (read.ok && read.value <= most) return read.value;
    troubles.set(name, read.ok ? 'tooLarge' : read.trouble);
    return 0n;
  };
  const of = (field: Field) => {
    const [factor, type] = fields[field];
    return number(field, draft.values[field], factor, largest[type]);
  };
  const windows = draft.windows.map((window, at) => readWindow(window, `window ${at}`, troubles, number));
  const thirdParties = draft.thirdParties.map(({ company, share }, at) => {
    if (company === undefined) troubles.set(`share ${at}`, 'noCompany');
    return { company: company ?? 0, ppm: Number(number(`share ${at}`, share, 10_000n, largest.u32)) };
  });
  const tariff: Tariff = {
    table: {
      base: of('base'),
      includedM: Number(of('includedKm')),
      perKm: of('perKm'),
      perMinute: of('perMinute'),
      freeWaitingS: Number(of('freeWaitingMin')),
      perWaitingMinute: of('perWaitingMinute'),
      minimum: of('minimum'),
      cancellation: of('cancellation'),
      rounding: of('rounding'),
      utcOffsetMinutes: draft.utcOffsetMinutes,
      windows,
      maxSurgePermille: Number(of('maxSurge')),
      maxDistanceM: Number(of('maxKm')),
      maxDurationS: Number(of('maxHours')),
      maxWaitingS: Number(of('maxWaitingMin')),
      maxTollsFen: Number(of('maxTolls')),
    },
    split: { driverPpm: Number(of('driver')), platformPpm: Number(of('platform')), thirdParties },
  };
  const shared = thirdParties.reduce(
    (sum, { ppm }) => sum + ppm,
    tariff.split.driverPpm + tariff.split.platformPpm,
  );
  if (troubles.size > 0) return { troubles, tariff: undefined, fault: null, missingPpm: undefined };
  return { troubles, tariff, fault: tariffFault(tariff), missingPpm: 1_000_000 - shared };
}

function readWindow(
  { days, from, until, surcharge }: WindowDraft,
  name: string,
  troubles: Map<string, Trouble>,
  number: (name: string, typed: string, factor: bigint, most: bigint) => bigint,
): Window {
  const [fromMinute, untilMinute] = [minuteOf(from), minuteOf(until)];
  const surchargePermille = Number(number(name, surcharge, 10n, largest.u16));
  if (days === 0) troubles.set(name, 'noDay');
  if (fromMinute === undefined || untilMinute === undefined) troubles.set(name, 'notNumber');
  else if (fromMinute === untilMinute) troubles.set(name, 'noLength');
  return { days, fromMinute: fromMinute ?? 0, untilMinute: untilMinute ?? 0, surchargePermille };
}

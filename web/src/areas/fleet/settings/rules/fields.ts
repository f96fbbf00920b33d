// Every rule of telemetry: its unit, bounds and default. A test holds this to offchain/telemetry/src/analysis/rules.
import type { RuleClass } from './classes';
import type { Unit } from './units';

export interface NumberField {
  readonly kind: 'number';
  readonly unit: Unit;
  readonly fallback: number;
  readonly least: number;
  readonly most: number;
}
export interface SwitchField {
  readonly kind: 'switch';
  readonly fallback: boolean;
}
/** Names of alarms of terminals, or of kinds of alerts. */
export interface ListField {
  readonly kind: 'alarms' | 'alerts';
  readonly fallback: readonly string[];
}
/** Temperatures in 0.1 °C, both ends allowed; null: there is no range. */
export interface RangeField {
  readonly kind: 'range';
  readonly fallback: null;
  readonly least: number;
  readonly most: number;
}
export type Field = NumberField | SwitchField | ListField | RangeField;

const number = (unit: Unit, fallback: number, least: number, most: number): NumberField => ({
  kind: 'number',
  unit,
  fallback,
  least,
  most,
});
const on: SwitchField = { kind: 'switch', fallback: true };
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** In the order in which people look for them: what concerns driving, the vehicle, and then how fixes are read. */
export const sections = {
  speeding: {
    enabled: on,
    limit_kmh: number('kmh', 120, 5, 400),
    tolerance_kmh: number('kmh', 3, 0, 50),
    hysteresis_kmh: number('kmh', 3, 0, 50),
    least_ms: number('s', 10_000, 0, hour),
    gap_ms: number('s', 60_000, 1_000, hour),
    night_permille: number('percent', 1_000, 100, 1_000),
  },
  harsh: {
    enabled: on,
    acceleration_mg: number('g', 300, 50, 2_000),
    braking_mg: number('g', 350, 50, 2_000),
    cornering_mg: number('g', 400, 50, 2_000),
    cornering_kmh: number('kmh', 20, 1, 200),
    merge_ms: number('s', 4_000, 0, minute),
    each_permille: number('percent', 500, 0, 1_000),
    gap_least_ms: number('s', 500, 100, 10_000),
    gap_most_ms: number('s', 3_000, 100, 10_000),
  },
  fatigue: {
    enabled: on,
    day_ms: number('h', 4 * hour, minute, day),
    night_ms: number('h', 2 * hour, minute, day),
    daily_ms: number('h', 8 * hour, minute, day),
    rest_ms: number('min', 20 * minute, minute, day),
    pause_ms: number('min', 5 * minute, 0, hour),
  },
  fences: {
    enabled: on,
    margin_m: number('m', 30, 0, 1_000),
    confirm_fixes: number('fixes', 2, 1, 20),
  },
  score: {
    acceleration_tenths: number('points', 15, 0, 1_000),
    braking_tenths: number('points', 20, 0, 1_000),
    cornering_tenths: number('points', 15, 0, 1_000),
    harsh_most: number('most', 50, 0, 100),
    speeding_tenths: number('points', 20, 0, 1_000),
    speeding_most: number('most', 40, 0, 100),
    night_tenths: number('points', 1, 0, 1_000),
    idling_tenths: number('points', 2, 0, 1_000),
    least_m: number('km', 20_000, 1, 1_000_000),
  },
  energy: {
    fuel_dl_per_100km: number('fuel', 80, 1, 10_000),
    energy_hwh_per_100km: number('energy', 150, 1, 100_000),
    least_m: number('km', 3_000, 100, 1_000_000),
  },
  offline: {
    enabled: on,
    after_ms: number('min', 5 * minute, minute, day),
    parked_ms: number('h', day, minute, 90 * day),
    forget_ms: number('day', 90 * day, day, 3_650 * day),
  },
  cargo: {
    enabled: on,
    temperature: { kind: 'range', fallback: null, least: -1_000, most: 2_000 },
    temperature_ms: number('min', 10 * minute, 0, day),
    temperature_hysteresis: number('celsius', 5, 0, 100),
    shock_mg: number('g', 2_500, 100, 100_000),
  },
  fuel: {
    enabled: on,
    theft_ml: number('litre', 10_000, 1_000, 1_000_000),
    refuel_ml: number('litre', 10_000, 1_000, 1_000_000),
    tank_ml: number('litre', 60_000, 1_000, 10_000_000),
    idle_ml_per_h: number('litreHour', 3_000, 0, 100_000),
  },
  battery: {
    enabled: on,
    supply_12v_mv: number('volt', 11_500, 6_000, 15_000),
    supply_24v_mv: number('volt', 23_000, 12_000, 30_000),
    traction_permille: number('percent', 150, 0, 1_000),
    terminal_permille: number('percent', 200, 0, 1_000),
    least_ms: number('min', 5 * minute, 0, day),
  },
  tow: {
    enabled: on,
    distance_m: number('m', 200, 20, 10_000),
    fixes: number('fixes', 3, 1, 20),
  },
  terminal: {
    enabled: on,
    ignore: {
      kind: 'alarms',
      fallback: ['overspeed_soon', 'fatigue_soon', 'area', 'route', 'section_time'],
    },
  },
  alerts: {
    held: { kind: 'alerts', fallback: ['emergency', 'fuel_theft', 'tow'] },
    reopen_ms: number('s', minute, 0, hour),
    update_ms: number('min', 5 * minute, 1_000, hour),
  },
  local: {
    utc_offset_min: number('zone', 480, -720, 840),
    night_from_h: number('clock', 22, 0, 23),
    night_to_h: number('clock', 6, 0, 23),
  },
  trips: {
    moving_kmh: number('kmh', 5, 1, 30),
    start_m: number('m', 25, 1, 1_000),
    off_ms: number('min', 2 * minute, 0, hour),
    stand_ms: number('min', 5 * minute, 10_000, day),
    idle_ms: number('min', 30 * minute, 10_000, day),
    gap_ms: number('min', 10 * minute, minute, day),
    stop_ms: number('min', 3 * minute, 1_000, day),
    least_m: number('m', 200, 0, 100_000),
    least_ms: number('s', minute, 0, hour),
    step_m: number('m', 30, 1, 500),
    update_ms: number('s', minute, 1_000, day),
  },
  clean: {
    reorder_ms: number('s', 10_000, 0, 30_000),
    ahead_ms: number('min', 5 * minute, 0, hour),
    fastest_kmh: number('kmh', 220, 20, 400),
    slack_m: number('m', 150, 10, 5_000),
    recover_fixes: number('fixes', 3, 2, 20),
    accuracy_m: number('m', 200, 5, 10_000),
    drift_m: number('m', 120, 10, 2_000),
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Field>>>>;

export type SectionName = keyof typeof sections;
/** `speeding.limit_kmh`. */
export type Path = {
  [S in SectionName]: `${S}.${keyof (typeof sections)[S] & string}`;
}[SectionName];

export const sectionNames = Object.keys(sections) as readonly SectionName[];

export function pathsOf(section: SectionName): readonly Path[] {
  return Object.keys(sections[section]).map((name) => `${section}.${name}` as Path);
}

export const paths: readonly Path[] = sectionNames.flatMap(pathsOf);

const fields = new Map<Path, Field>(
  sectionNames.flatMap((section) =>
    Object.entries<Field>(sections[section]).map(([name, field]) => [`${section}.${name}` as Path, field]),
  ),
);

export function fieldOf(path: Path): Field {
  const field = fields.get(path);
  if (field === undefined) throw new Error(`no such rule: ${path}`);
  return field;
}

/** Where the default of a class is not that of all. */
export const classDefaults: Readonly<Record<RuleClass, Readonly<Partial<Record<Path, number>>>>> = {
  car: heavy(120, [300, 350, 400], 80, 150),
  van: heavy(120, [280, 330, 370], 95, 220),
  bus: { ...heavy(100, [200, 280, 280], 260, 900), 'speeding.night_permille': 800 },
  light_truck: heavy(100, [250, 300, 330], 130, 350),
  heavy_truck: heavy(100, [200, 280, 270], 330, 1_400),
  dangerous_goods: heavy(80, [200, 280, 250], 330, 1_400),
};

function heavy(limit: number, harsh: readonly [number, number, number], fuel: number, energy: number) {
  return {
    'speeding.limit_kmh': limit,
    'harsh.acceleration_mg': harsh[0],
    'harsh.braking_mg': harsh[1],
    'harsh.cornering_mg': harsh[2],
    'energy.fuel_dl_per_100km': fuel,
    'energy.energy_hwh_per_100km': energy,
  };
}

/** Rules that have to be more than another. */
export const above: ReadonlyArray<readonly [path: Path, least: Path]> = [
  ['offline.forget_ms', 'offline.parked_ms'],
  ['harsh.gap_most_ms', 'harsh.gap_least_ms'],
  ['fatigue.rest_ms', 'fatigue.pause_ms'],
];

/** Alarms of terminals, by the bits of JT/T 808 (offchain/records/src/signals.rs). */
export const alarms = [
  'emergency',
  'overspeed',
  'fatigue',
  'danger',
  'receiver',
  'antenna_cut',
  'antenna_short',
  'supply_low',
  'supply_lost',
  'display',
  'speech',
  'camera',
  'card_reader',
  'overspeed_soon',
  'fatigue_soon',
  'violation',
  'tyre',
  'blind_spot',
  'day_limit',
  'parked_long',
  'area',
  'route',
  'section_time',
  'off_route',
  'speed_sensor',
  'fuel',
  'stolen',
  'illegal_start',
  'illegal_move',
  'collision_near',
  'rolled_over',
  'illegal_door',
] as const;

// A report as a table for other programs: names of columns in English with their units.

import type { Grouping } from './choices';
import { economyOf, harshIn100Km, type Row, safetyOf } from './sums';

type May = { readonly drive: boolean; readonly alerts: boolean; readonly money: boolean };
type Cell = string | number | bigint | null;

export function csvHead(by: Grouping, may: May): string[] {
  return [
    by === 'week' ? 'week_from' : by,
    ...(may.drive
      ? [
          'trips',
          'distance_m',
          'moving_ms',
          'night_ms',
          'idle_ms',
          'energy_wh',
          'fuel_ml',
          'harsh',
          'harsh_in_100_km',
          'speedings',
          'speeding_ms',
          'safety',
          'safety_worst_day',
          'economy',
        ]
      : []),
    ...(may.alerts ? ['alerts'] : []),
    ...(may.money && by !== 'vehicle'
      ? ['rides', 'gross_cny', 'drivers_cny', 'platform_cny', 'others_cny']
      : []),
  ];
}

const two = (value: number | null) => (value === null ? null : Math.round(value * 100) / 100);

/** Micro CNY as yuan, with all its decimals. */
function yuan(micro: bigint): string {
  const size = micro < 0n ? -micro : micro;
  const fraction = (size % 1_000_000n)
    .toString()
    .padStart(6, '0')
    .replace(/0{1,4}$/, '');
  return `${micro < 0n ? '-' : ''}${size / 1_000_000n}.${fraction}`;
}

export function csvRow(by: Grouping, may: May, { drive, alerts, money }: Row, name: string): Cell[] {
  return [
    name,
    ...(may.drive
      ? [
          drive.trips,
          drive.distanceM,
          drive.movingMs,
          drive.nightMs,
          drive.idleMs,
          drive.energyWh,
          drive.fuelMl,
          drive.harsh,
          drive.distanceM === 0 ? null : two(harshIn100Km(drive)),
          drive.speedings,
          drive.speedingMs,
          two(safetyOf(drive)),
          drive.safetyWorst,
          two(economyOf(drive)),
        ]
      : []),
    ...(may.alerts ? [alerts] : []),
    ...(may.money && by !== 'vehicle'
      ? [money.rides, yuan(money.gross), yuan(money.drivers), yuan(money.platform), yuan(money.others)]
      : []),
  ];
}

// What a chart can show of a report, as numbers of its axis.
import { plottedYuan } from '../../../format/money';
import { type Metric, metrics } from './choices';
import { harshIn100Km, type Row, safetyOf } from './sums';

export const metricUnits = {
  distance: 'km',
  moving: 'hours',
  energy: 'kwh',
  fuel: 'litres',
  safety: 'grade',
  harsh: 'count',
  alerts: 'count',
  gross: 'yuan',
} as const satisfies Readonly<Record<Metric, string>>;

const rounded = (value: number) => Math.round(value * 100) / 100;

/** Null: it is not known. */
export function metricOf(metric: Metric, { drive, alerts, money }: Omit<Row, 'key'>): number | null {
  switch (metric) {
    case 'distance':
      return rounded(drive.distanceM / 1000);
    case 'moving':
      return rounded(drive.movingMs / 3_600_000);
    case 'energy':
      return drive.energyWh === null ? null : rounded(drive.energyWh / 1000);
    case 'fuel':
      return drive.fuelMl === null ? null : rounded(drive.fuelMl / 1000);
    case 'safety': {
      const grade = safetyOf(drive);
      return grade === null ? null : rounded(grade);
    }
    case 'harsh':
      return drive.distanceM === 0 ? null : rounded(harshIn100Km(drive));
    case 'alerts':
      return alerts;
    case 'gross':
      return plottedYuan(money.gross);
  }
}

/** What can be shown to somebody, of what was found. */
export function metricsFor(
  may: { readonly drive: boolean; readonly alerts: boolean; readonly money: boolean },
  whole: Omit<Row, 'key'>,
): readonly Metric[] {
  return metrics.filter((metric) => {
    if (metric === 'gross') return may.money;
    if (metric === 'alerts') return may.alerts;
    if (metric === 'energy') return may.drive && whole.drive.energyWh !== null;
    if (metric === 'fuel') return may.drive && whole.drive.fuelMl !== null;
    return may.drive;
  });
}

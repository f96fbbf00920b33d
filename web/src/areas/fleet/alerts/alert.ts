// What an alert says, by its kind.
import type { Alert } from '../../../api/methods';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import type { Tone } from '../../../ui/StateTag';
import { alertTexts } from './alertTexts';

/** All kinds of docs/telemetry.md. */
export const alertKinds = [
  'speeding',
  'harsh_acceleration',
  'harsh_braking',
  'harsh_cornering',
  'fatigue',
  'fatigue_night',
  'day_limit',
  'fence_enter',
  'fence_exit',
  'fence_dwell',
  'offline',
  'temperature',
  'shock',
  'fuel_theft',
  'refuel',
  'low_battery',
  'emergency',
  'terminal',
  'tow',
] as const;
export type AlertKind = (typeof alertKinds)[number];

export const alertStates = ['open', 'acknowledged', 'closed'] as const;

/** In what the value and the threshold of a kind are. `none`: it has none. */
export type Unit = 'speed' | 'mg' | 'ms' | 'celsius' | 'ml' | 'mv' | 'permille' | 'm' | 'none';

const units: Readonly<Record<AlertKind, Unit>> = {
  speeding: 'speed',
  harsh_acceleration: 'mg',
  harsh_braking: 'mg',
  harsh_cornering: 'mg',
  fatigue: 'ms',
  fatigue_night: 'ms',
  day_limit: 'ms',
  fence_enter: 'none',
  fence_exit: 'none',
  fence_dwell: 'ms',
  offline: 'ms',
  temperature: 'celsius',
  shock: 'mg',
  fuel_theft: 'ml',
  refuel: 'ml',
  low_battery: 'permille',
  emergency: 'none',
  terminal: 'none',
  tow: 'm',
};

export function isAlertKind(kind: string): kind is AlertKind {
  return (alertKinds as readonly string[]).includes(kind);
}

/** The unit of an alert's values: those of a low battery differ by which battery it is. */
export function unitOf({ kind, key }: Pick<Alert, 'kind' | 'key'>): Unit {
  if (!isAlertKind(kind)) return 'none';
  return kind === 'low_battery' && key === 0 ? 'mv' : units[kind];
}

/** Whether the number of an alert tells a geofence. */
export function isOfFence(kind: string): boolean {
  return kind.startsWith('fence_');
}

export const stateTones: Readonly<Record<string, Tone>> = {
  open: 'bad',
  acknowledged: 'warn',
  closed: 'plain',
};
export const severityTones: Readonly<Record<string, Tone>> = {
  info: 'plain',
  warning: 'warn',
  critical: 'bad',
};

/** Says kinds, values, severities and states in the language of now. */
export function useAlertWords() {
  const t = useTexts(alertTexts);
  const f = useFormat();
  const value = (alert: Pick<Alert, 'kind' | 'key'>, amount: number): string | null => {
    switch (unitOf(alert)) {
      case 'speed':
        return f.speed(amount / 10);
      case 'mg':
        return `${f.decimal(amount / 1000, 2)} g`;
      case 'ms':
        return f.duration(amount);
      case 'celsius':
        return `${f.decimal(amount / 10, 1)} °C`;
      case 'ml':
        return f.fuel(amount);
      case 'mv':
        return `${f.decimal(amount / 1000, 1)} V`;
      case 'permille':
        return f.share(amount / 1000);
      case 'm':
        return f.distance(amount);
      case 'none':
        return null;
    }
  };
  return {
    kind: (kind: string) => (isAlertKind(kind) ? t(kind) : kind),
    severity: (severity: 'info' | 'warning' | 'critical') => t(severity),
    state: (state: 'open' | 'acknowledged' | 'closed') => t(state),
    value,
  };
}

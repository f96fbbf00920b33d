import { expect, test } from 'vitest';
import type { Alert, VehicleState } from '../../../api/methods';
import { LiveFleet } from './liveFleet';

function reported(vehicle: number, speed: number, online = true): VehicleState {
  return {
    vehicle,
    online,
    alarms: [],
    flags: [],
    heard_ms: 2_000,
    time_ms: 2_000,
    sequence: '1',
    terminal: '1',
    fix: { altitude_m: 0, heading: 90, latitude: 22.5, longitude: 114, speed_kmh: speed, time_ms: 2_000 },
  };
}

function alertOf(vehicle: number, version: number, more: Partial<Alert>): Alert {
  return {
    id: `a${vehicle}`,
    vehicle,
    version,
    count: 1,
    key: 0,
    kind: 'speeding',
    last_ms: 1,
    opened_ms: 1,
    threshold: 1200,
    value: 1300,
    severity: 'warning',
    state: 'open',
    ...more,
  };
}

test('a vehicle moves, stands or is away as it says', () => {
  const fleet = new LiveFleet();
  fleet.take({ kind: 'vehicle', vehicle: reported(1, 40) });
  fleet.take({ kind: 'vehicle', vehicle: reported(2, 0) });
  fleet.take({ kind: 'vehicle', vehicle: reported(3, 40, false) });
  expect([1, 2, 3, 4].map((vehicle) => fleet.look(vehicle))).toEqual([
    'moving',
    'idle',
    'offline',
    'offline',
  ]);
  expect(fleet.positions.counts()).toEqual({ moving: 1, idle: 1, offline: 1, alert: 0 });
});

test('an alert shows until somebody has it in hand, whatever order news come in', () => {
  const fleet = new LiveFleet();
  fleet.take({ kind: 'vehicle', vehicle: reported(1, 40) });
  fleet.take({ kind: 'alert', alert: alertOf(1, 1, {}) });
  expect(fleet.look(1)).toBe('alert');
  fleet.take({ kind: 'alert', alert: alertOf(1, 3, { state: 'acknowledged' }) });
  fleet.putAlert(alertOf(1, 2, {}));
  expect(fleet.look(1)).toBe('moving');
  expect(fleet.alertsOf(1)).toHaveLength(1);
  fleet.take({ kind: 'alert', alert: alertOf(1, 4, { state: 'closed' }) });
  expect(fleet.alertsOf(1)).toHaveLength(0);
});

test('a notice colours nothing', () => {
  const fleet = new LiveFleet();
  fleet.take({ kind: 'vehicle', vehicle: reported(1, 40) });
  fleet.take({ kind: 'alert', alert: alertOf(1, 1, { severity: 'info' }) });
  expect(fleet.look(1)).toBe('moving');
});

test('after a lost connection what is not told again is gone, and not before', () => {
  const fleet = new LiveFleet();
  fleet.take({ kind: 'vehicle', vehicle: reported(1, 40) });
  fleet.take({ kind: 'vehicle', vehicle: reported(2, 40) });
  fleet.take({ kind: 'caught_up' });
  fleet.begin();
  fleet.take({ kind: 'vehicle', vehicle: reported(1, 0) });
  expect([...fleet.vehicles()]).toHaveLength(2);
  fleet.take({ kind: 'caught_up' });
  expect([...fleet.vehicles()].map(({ vehicle }) => vehicle)).toEqual([1]);
  expect(fleet.positions.size).toBe(1);
});

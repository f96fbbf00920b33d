import { expect, test } from 'vitest';
import type { Alert, DrivingDay, VehicleState } from '../../../api/methods';
import { byCompany, counted, countNow, energyOf, total } from './counts';
import { byDay, byVehicle, dayAfter, lastDays, ridesByDay } from './days';

const rows = [
  { ownerId: 1, class: 'Economy', status: 'InService', count: '20' },
  { ownerId: 1, class: 'Premium', status: 'InService', count: '5' },
  { ownerId: 1, class: 'Economy', status: 'Scrapped', count: '1' },
  { ownerId: 2, class: 'Economy', status: 'InService', count: '30' },
];

test('vehicles of the chain are counted by company, class and status', () => {
  const [first, second] = byCompany(rows);
  expect(first).toMatchObject({ company: 2, total: 30 });
  expect(second).toMatchObject({ company: 1, total: 26 });
  expect([...(second?.byClass ?? [])]).toEqual([
    ['Economy', 21],
    ['Premium', 5],
  ]);
  expect(total(rows)).toBe(56);
  expect(counted(rows, ({ status }) => status).get('Scrapped')).toBe(1);
});

const state = (vehicle: number, part: Partial<VehicleState>): VehicleState => ({
  vehicle,
  alarms: [],
  flags: [],
  heard_ms: 0,
  time_ms: 0,
  online: true,
  sequence: '1',
  terminal: '1',
  ...part,
});
const fix = (speed_kmh: number) => ({ altitude_m: 0, heading: 0, latitude: 22, longitude: 114, speed_kmh });
const alert = (vehicle: number, part: Partial<Alert>): Alert => ({
  vehicle,
  id: String(vehicle),
  count: 1,
  key: 0,
  kind: 'speeding',
  last_ms: 0,
  opened_ms: 0,
  threshold: 0,
  value: 0,
  version: 1,
  state: 'open',
  severity: 'warning',
  ...part,
});

test('a vehicle moves, stands, is away, or somebody should look at it', () => {
  const states = [
    state(1, { fix: fix(40) }),
    state(2, { fix: fix(2.9) }),
    state(3, { online: false, fix: fix(40) }),
    state(4, { fix: fix(40) }),
    state(5, {}),
  ];
  const alerts = [alert(4, {}), alert(1, { severity: 'info' }), alert(2, { state: 'acknowledged' })];
  expect(countNow(states, alerts)).toMatchObject({
    looks: { moving: 1, idle: 2, alert: 1, offline: 1 },
    online: 4,
  });
});

test('what a vehicle runs on is what it has told of', () => {
  expect(energyOf(state(1, { charge_permille: 800 }))).toBe('electric');
  expect(energyOf(state(1, { fuel_ml: 20_000 }))).toBe('fuel');
  expect(energyOf(state(1, { fuel_permille: 0, charge_permille: 0 }))).toBe('both');
  expect(energyOf(state(1, {}))).toBe('untold');
});

const day = (of: string, vehicle: number, distance_m: number, trips: number, more = {}): DrivingDay => ({
  day: of,
  vehicle,
  trips,
  safety: 90,
  version: 1,
  driving: {
    accelerations: 0,
    brakings: 0,
    cornerings: 0,
    distance_m,
    idle_ms: 0,
    moving_ms: 60_000,
    night_ms: 0,
    speeding_ms: 0,
    speedings: 0,
    ...more,
  },
});

test('days follow each other, over the end of a month as well', () => {
  const now = new Date(2026, 2, 3, 9).getTime();
  expect(lastDays(7, now)).toEqual([
    '2026-02-25',
    '2026-02-26',
    '2026-02-27',
    '2026-02-28',
    '2026-03-01',
    '2026-03-02',
    '2026-03-03',
  ]);
  expect(dayAfter('2026-02-28')).toBe('2026-03-01');
  expect(dayAfter('2026-12-31')).toBe('2027-01-01');
});

test('what was driven is summed by day, once for a vehicle that two people drove', () => {
  const driven = [day('2026-03-02', 7, 1_000, 2), day('2026-03-02', 7, 500, 1), day('2026-03-02', 8, 0, 0)];
  expect(byDay(['2026-03-01', '2026-03-02'], driven)).toEqual([
    { day: '2026-03-01', distanceM: 0, trips: 0, vehicles: 0 },
    { day: '2026-03-02', distanceM: 1_500, trips: 3, vehicles: 1 },
  ]);
});

test('what was driven is summed by vehicle; fuel that nobody told of is not nothing', () => {
  const driven = [
    day('2026-03-01', 7, 1_000, 2, { energy_wh: 150 }),
    day('2026-03-02', 7, 500, 1),
    day('2026-03-02', 8, 9_000, 4, { fuel_ml: 700 }),
  ];
  expect(byVehicle(driven)).toEqual([
    { vehicle: 8, days: 1, trips: 4, distanceM: 9_000, movingMs: 60_000, fuelMl: 700, energyWh: undefined },
    { vehicle: 7, days: 2, trips: 3, distanceM: 1_500, movingMs: 120_000, fuelMl: undefined, energyWh: 150 },
  ]);
});

test('rides of the index are of the day by the clock of the place', () => {
  const at = (hour: number) => new Date(2026, 2, 2, hour).toISOString();
  const hours = [
    { time: at(0), count: '3', sum: { distanceM: '3000' } },
    { time: at(23), count: '1', sum: { distanceM: null } },
    { time: at(24), count: '5', sum: { distanceM: '1' } },
  ];
  expect(ridesByDay(['2026-03-02'], hours)).toEqual([{ day: '2026-03-02', rides: 4, distanceM: 3_000 }]);
});

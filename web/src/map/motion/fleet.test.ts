import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { longitudeOf, mercatorX } from '../geo/place';
import { FLOATS, pack } from '../vehicles/packing';
import { vehicleAt } from '../vehicles/picking';
import { FleetPositions, MOST_VEHICLES, type VehicleReport } from './fleet';
import { glideMs, headingBetween, MOST_GLIDE_MS, progress } from './glide';

const taxi: VehicleReport = {
  vehicle: 7,
  longitude: 114,
  latitude: 22.5,
  heading: 350,
  state: 'moving',
  timeMs: 1_000_000,
};

function longitudeAt(fleet: FleetPositions, vehicle: number, nowMs: number): number {
  const row = fleet.rowOf(vehicle);
  if (row === undefined) throw new Error(`there is no vehicle ${vehicle}`);
  return longitudeOf(fleet.shown(row, nowMs).x);
}

test('a taxi glides to its next place in the time between two reports, and waits there', () => {
  const fleet = new FleetPositions();
  expect(fleet.put(taxi, 0)).toBe('taken');
  expect(fleet.put({ ...taxi, longitude: 114.001, heading: 10, timeMs: 1_005_000 }, 5_000)).toBe('taken');
  expect(longitudeAt(fleet, 7, 5_000)).toBeCloseTo(114, 6);
  expect(longitudeAt(fleet, 7, 7_500)).toBeCloseTo(114.0005, 6);
  expect(longitudeAt(fleet, 7, 10_000)).toBeCloseTo(114.001, 6);
  expect(longitudeAt(fleet, 7, 60_000)).toBeCloseTo(114.001, 6);
  expect(fleet.glidesUntilMs).toBe(10_000);
});

test('it begins the next way where it is seen, not where it should be', () => {
  const fleet = new FleetPositions();
  fleet.put(taxi, 0);
  fleet.put({ ...taxi, longitude: 114.001, timeMs: 1_005_000 }, 5_000);
  fleet.put({ ...taxi, longitude: 114.002, timeMs: 1_010_000 }, 7_500);
  expect(longitudeAt(fleet, 7, 7_500)).toBeCloseTo(114.0005, 6);
});

test('nobody flies: what is too far, or after a long silence, is set there', () => {
  const fleet = new FleetPositions();
  fleet.put(taxi, 0);
  fleet.put({ ...taxi, longitude: 115, timeMs: 1_005_000 }, 5_000);
  expect(longitudeAt(fleet, 7, 5_000)).toBeCloseTo(115, 6);
  expect(glideMs(10 * 60_000, 100)).toBe(0);
});

test('who wants less motion sees none', () => {
  const fleet = new FleetPositions();
  fleet.gliding = false;
  fleet.put(taxi, 0);
  fleet.put({ ...taxi, longitude: 114.001, timeMs: 1_005_000 }, 5_000);
  expect(longitudeAt(fleet, 7, 5_000)).toBeCloseTo(114.001, 6);
});

test('what is older than what is known is not shown', () => {
  const fleet = new FleetPositions();
  fleet.put(taxi, 0);
  expect(fleet.put({ ...taxi, longitude: 113, timeMs: 999_999 }, 5_000)).toBe('stale');
  expect(longitudeAt(fleet, 7, 5_000)).toBeCloseTo(114, 6);
});

test('there is a bound, and the vehicle beyond it is refused by name', () => {
  const fleet = new FleetPositions();
  for (let vehicle = 1; vehicle <= MOST_VEHICLES; vehicle += 1) fleet.put({ ...taxi, vehicle }, 0);
  expect(fleet.put({ ...taxi, vehicle: MOST_VEHICLES + 1 }, 0)).toBe('full');
  expect(fleet.put({ ...taxi, vehicle: 1 }, 0)).toBe('taken');
  expect(fleet.size).toBe(MOST_VEHICLES);
});

test('listeners hear of changes until they hear no more', () => {
  const fleet = new FleetPositions();
  const heard = vi.fn();
  const stop = fleet.onChange(heard);
  fleet.put(taxi, 0);
  stop();
  fleet.remove(7);
  expect(heard).toHaveBeenCalledTimes(1);
});

test('whatever comes and goes, the table has each vehicle once and where it was told', () => {
  const step = fc.record({ vehicle: fc.integer({ min: 1, max: 40 }), gone: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const fleet = new FleetPositions();
      const truth = new Set<number>();
      for (const { vehicle, gone } of steps) {
        if (gone) {
          fleet.remove(vehicle);
          truth.delete(vehicle);
        } else {
          fleet.put({ ...taxi, vehicle, longitude: vehicle }, 0);
          truth.add(vehicle);
        }
      }
      expect(fleet.size).toBe(truth.size);
      for (const vehicle of truth) expect(longitudeAt(fleet, vehicle, 1e9)).toBeCloseTo(vehicle, 6);
    }),
  );
});

test('a heading turns the shorter way, within the circle', () => {
  expect(headingBetween(350, 10, 0.5)).toBeCloseTo(0, 9);
  const degree = fc.double({ min: 0, max: 360, noNaN: true, maxExcluded: true });
  fc.assert(
    fc.property(degree, degree, fc.double({ min: 0, max: 1, noNaN: true }), (from, to, part) => {
      const heading = headingBetween(from, to, part);
      expect(heading).toBeGreaterThanOrEqual(0);
      expect(heading).toBeLessThanOrEqual(360);
      const turned = Math.abs(((heading - from + 540) % 360) - 180);
      expect(turned).toBeLessThanOrEqual(180 * part + 1e-6);
    }),
  );
});

test('a glide has a bound, and its progress is between nothing and all', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1e7 }),
      fc.double({ min: 0, max: 1e6, noNaN: true }),
      (since, metres) => {
        expect(glideMs(since, metres)).toBeLessThanOrEqual(MOST_GLIDE_MS);
        expect(glideMs(since, metres)).toBeGreaterThanOrEqual(0);
      },
    ),
  );
  expect([progress(10, 20, 5), progress(10, 20, 15), progress(10, 20, 25), progress(5, 5, 5)]).toEqual([
    0, 0.5, 1, 1,
  ]);
});

test('alerts are drawn over the others, the chosen one over all, and clusters hide theirs', () => {
  const fleet = new FleetPositions();
  fleet.put({ ...taxi, vehicle: 1, state: 'alert' }, 0);
  fleet.put({ ...taxi, vehicle: 2, state: 'offline' }, 0);
  fleet.put({ ...taxi, vehicle: 3, state: 'moving' }, 0);
  fleet.put({ ...taxi, vehicle: 4, state: 'idle' }, 0);
  const numbers = new Float32Array(4 * FLOATS);
  const { count } = pack(
    fleet,
    numbers,
    { originX: mercatorX(114), originY: 0.4, nowMs: 0 },
    2,
    new Set([4]),
  );
  const column = (at: number) => Array.from({ length: count }, (_, index) => numbers[index * FLOATS + at]);
  expect(count).toBe(3);
  expect(column(8)).toEqual([2, 3, 0]);
  expect(column(9)).toEqual([0, 0, 1]);
});

test('one points at the vehicle that is near, and at none that is far or hidden', () => {
  const fleet = new FleetPositions();
  fleet.put(taxi, 0);
  const row = fleet.rowOf(7) ?? 0;
  const at = fleet.shown(row, 0);
  expect(vehicleAt(fleet, at, 12, 0, new Set())).toBe(7);
  expect(vehicleAt(fleet, at, 12, 0, new Set([7]))).toBeNull();
  expect(vehicleAt(fleet, { x: at.x + 0.001, y: at.y }, 12, 0, new Set())).toBeNull();
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Position } from '../../../api/methods';
import type { Fix } from './fix';
import { keepPlace, lastPlace } from './lastPlace';
import { driven, forgetWay, keepWay, metresFrom, noWay, readWay } from './odometer';
import { added, mostAtOnce, mostWaiting, positionOf } from './queue';
import { Tracker } from './tracker';

const fix = (atMs: number, latitude: number, accuracyM = 5): Fix => ({
  latitude,
  longitude: 114,
  atMs,
  accuracyM,
  heading: null,
  speed: null,
});

/** So much of latitude is a hundred metres. */
const hundred = 100 / 111_195;

test('the way is the sum of its steps', () => {
  const way = [0, 1, 2, 3].map((at) => fix(at * 10_000, 22 + at * hundred)).reduce(driven, noWay);
  expect(way.metres).toBeGreaterThan(299);
  expect(way.metres).toBeLessThan(301);
  expect(way.unseenM).toBe(0);
});

test('a phone that lies still drives nowhere', () => {
  const wander = Array.from({ length: 100 }, (_, at) => fix(at * 1_000, 22 + ((at % 3) - 1) * 0.00004));
  expect(wander.reduce(driven, noWay).metres).toBe(0);
});

test('a place that nobody could have reached, or that is not certain, is left out', () => {
  const begin = driven(noWay, fix(0, 22));
  expect(driven(begin, fix(1_000, 22.1))).toBe(begin);
  expect(driven(begin, fix(60_000, 22 + hundred, 500))).toBe(begin);
  expect(driven(begin, fix(0, 22 + hundred))).toBe(begin);
});

test('what lies in a gap counts, and is told apart', () => {
  const way = [fix(0, 22), fix(300_000, 22 + 20 * hundred)].reduce(driven, noWay);
  expect(Math.round(way.metres)).toBe(Math.round(way.unseenM));
  expect(way.metres).toBeGreaterThan(1_990);
});

test('a reload goes on measuring where it was, and the end forgets it', () => {
  const map = new Map<string, string>();
  const storage = {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
    removeItem: (key: string) => void map.delete(key),
  };
  const way = [fix(0, 22), fix(10_000, 22 + hundred)].reduce(driven, noWay);
  keepWay(storage, '1', way);
  expect(readWay(storage, '1')).toEqual(way);
  expect(readWay(storage, '2')).toEqual(noWay);
  forgetWay(storage, '1');
  expect(readWay(storage, '1')).toEqual(noWay);
});

test('a way never shrinks, and is never shorter than from its beginning to its end', () => {
  const step = fc.record({
    ms: fc.integer({ min: 1, max: 100_000 }),
    north: fc.double({ min: -0.01, max: 0.01, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let [way, atMs, latitude] = [driven(noWay, fix(0, 22)), 0, 22];
      for (const { ms, north } of steps) {
        atMs += ms;
        latitude += north;
        const next = driven(way, fix(atMs, latitude));
        expect(next.metres).toBeGreaterThanOrEqual(way.metres);
        way = next;
      }
      const end = way.last ?? { latitude: 22, longitude: 114 };
      expect(way.metres + 0.001).toBeGreaterThanOrEqual(metresFrom({ latitude: 22, longitude: 114 }, end));
    }),
    { numRuns: 100 },
  );
});

test('the queue keeps the newest, in their order, and no more than it may', () => {
  const all = Array.from({ length: mostWaiting + 50 }, (_, at) => fix(at * 2_000 + 2_000, 22));
  const queue = all.reduce<readonly Fix[]>((waiting, one) => added(waiting, one, 0), []);
  expect(queue.length).toBe(mostWaiting);
  expect(queue.at(-1)).toBe(all.at(-1));
  expect(added(queue, fix((queue.at(-1)?.atMs ?? 0) + 500, 22), 0)).toBe(queue);
});

test('who stands has neither heading nor speed to tell', () => {
  expect(positionOf(fix(5, 22))).toEqual({ latitude: 22, longitude: 114, at_ms: 5 });
  expect(positionOf({ ...fix(5, 22), heading: 359.7, speed: 12.4 })).toMatchObject({ heading: 0, speed: 12 });
});

/** What a tracker knows of who is off duty. */
const idle = { watching: false, fix: null, trouble: null, waiting: 0, failure: null };

/** A phone whose places and clock the test sets. */
function phone() {
  const reported: Array<readonly Position[]> = [];
  const state = { now: 0, refuse: false, allowed: false, asked: 0 };
  let told: PositionCallback = () => {};
  let failed: PositionErrorCallback | null | undefined;
  let tick = () => {};
  const tracker = new Tracker({
    geolocation: {
      watchPosition: (success, failure) => {
        told = success;
        failed = failure;
        return 1;
      },
      clearWatch: () => {},
      getCurrentPosition: (success, failure) => {
        state.asked += 1;
        told = success;
        failed = failure;
      },
    },
    allowed: async () => state.allowed,
    report: async (positions) => {
      if (state.refuse) throw new Error('no connection');
      reported.push(positions);
    },
    aheadMs: () => 0,
    now: () => state.now,
    every: (_, task) => {
      tick = task;
      return () => {};
    },
  });
  return {
    tracker,
    reported,
    state,
    at: (latitude: number) =>
      told({
        coords: {
          latitude,
          longitude: 114,
          accuracy: 5,
          heading: null,
          speed: null,
        } as GeolocationCoordinates,
        timestamp: state.now,
        toJSON: () => ({}),
      }),
    deny: () => failed?.({ code: 1 } as GeolocationPositionError),
    pass: async (ms: number) => {
      state.now += ms;
      tick();
      for (let i = 0; i < 5; i += 1) await Promise.resolve();
    },
  };
}

test('positions go out in lots; those of a lost connection go later, the oldest first', async () => {
  const { tracker, reported, state, at, pass } = phone();
  tracker.start();
  state.refuse = true;
  for (let i = 0; i < mostAtOnce + 20; i += 1) {
    state.now += 2_000;
    at(22 + i * hundred);
  }
  await pass(5_000);
  expect([reported.length, tracker.now().waiting]).toEqual([0, mostAtOnce + 20]);
  expect(tracker.now().failure).toBeInstanceOf(Error);
  state.refuse = false;
  await pass(5_000);
  await pass(5_000);
  expect(reported.map((lot) => lot.length)).toEqual([mostAtOnce, 20]);
  const times = reported.flat().map((one) => one.at_ms);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect([tracker.now().waiting, tracker.now().failure]).toEqual([0, null]);
});

test('silence is said after half a minute, a refusal at once, and both are over with a position', async () => {
  const { tracker, state, at, deny, pass } = phone();
  tracker.start();
  await pass(20_000);
  expect(tracker.now().trouble).toBeNull();
  await pass(20_000);
  expect(tracker.now().trouble).toBe('stale');
  deny();
  expect(tracker.now().trouble).toBe('denied');
  state.now += 1;
  at(22);
  expect(tracker.now().trouble).toBeNull();
});

test('the position that was asked for before going online is the first that is reported', async () => {
  const { tracker, reported, state, at, pass } = phone();
  tracker.start();
  tracker.stop();
  state.now = 50_000;
  at(22);
  tracker.start();
  await pass(5_000);
  expect(reported.flat().map((one) => one.at_ms)).toEqual([50_000]);
});

test('who goes off duty leaves nothing to be sent', async () => {
  const { tracker, reported, state, at, pass } = phone();
  tracker.start();
  state.now = 10_000;
  at(22);
  tracker.stop();
  await pass(5_000);
  expect(reported).toEqual([]);
});

test('for the map nobody is asked: only the phone of who has allowed it, once, and nothing is reported', async () => {
  const { tracker, reported, state, at, pass } = phone();
  await tracker.look();
  expect(state.asked).toBe(0);
  state.allowed = true;
  await tracker.look();
  expect(state.asked).toBe(1);
  state.now = 1_000;
  at(22);
  await pass(5_000);
  expect(tracker.now()).toEqual({ ...idle, fix: fix(1_000, 22) });
  expect(reported).toEqual([]);
  await tracker.look();
  expect(state.asked).toBe(1);
});

test('that the map gets no place is no trouble of who is off duty', async () => {
  const { tracker, state, deny } = phone();
  state.allowed = true;
  state.now = 100_000;
  await tracker.look();
  deny();
  expect(tracker.now()).toEqual(idle);
});

test('who is watched is not looked at besides', async () => {
  const { tracker, state } = phone();
  state.allowed = true;
  const looking = tracker.look();
  tracker.start();
  await looking;
  await tracker.look();
  expect(state.asked).toBe(0);
});

test('the last place is kept for each driver, and roughly; what is no place is none', () => {
  const map = new Map<string, string>();
  const storage = {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
  };
  expect(lastPlace(storage, 4)).toBeNull();
  keepPlace(storage, 4, { latitude: 22.543_123, longitude: 114.057_912 });
  expect(lastPlace(storage, 4)).toEqual({ latitude: 22.543, longitude: 114.058 });
  expect(lastPlace(storage, 5)).toBeNull();
  for (const text of [
    '',
    '{}',
    'null',
    '{"latitude":91,"longitude":0}',
    '{"latitude":"22","longitude":114}',
  ]) {
    map.set('smartlink.driver.place.4', text);
    expect(lastPlace(storage, 4), text).toBeNull();
  }
});

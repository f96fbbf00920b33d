import { expect, test } from 'vitest';
import { GAP_MS, indexAt, inOrder, momentAt, type TrackFix } from './fixes';
import { runsOf } from './runs';
import { bandOf, speedBands } from './speedColours';

const ride: TrackFix[] = [
  { timeMs: 0, place: [114, 22], speedKmh: 10, heading: 350 },
  { timeMs: 10_000, place: [114.001, 22], speedKmh: 30, heading: 10 },
  { timeMs: 20_000, place: [114.002, 22], speedKmh: 35, heading: 90 },
  { timeMs: 20_000 + GAP_MS + 1, place: [114.1, 22], speedKmh: 0, heading: 90 },
  { timeMs: 30_000 + GAP_MS + 1, place: [114.101, 22.001], speedKmh: 130, heading: 45 },
];

test('between two fixes the vehicle is between them, in place, speed and heading', () => {
  const moment = momentAt(ride, 5_000);
  expect(moment?.place[0]).toBeCloseTo(114.0005, 9);
  expect(moment?.speedKmh).toBeCloseTo(20, 9);
  expect(moment?.heading).toBeCloseTo(0, 9);
});

test('in a long silence it stays where it was last, and says so', () => {
  expect(momentAt(ride, 60_000)).toMatchObject({ place: [114.002, 22], speedKmh: 0, silent: true });
});

test('before the first fix it is at the first, after the last at the last, and nowhere without fixes', () => {
  expect(momentAt(ride, -1)?.place).toEqual([114, 22]);
  expect(momentAt(ride, 1e12)?.place).toEqual([114.101, 22.001]);
  expect(momentAt([], 0)).toBeNull();
  expect(indexAt(ride, 10_000)).toBe(1);
});

test('fixes of two terminals come in one order, each time once', () => {
  const mixed = [...ride.slice(2), ...ride.slice(0, 3)];
  expect(inOrder(mixed).map((fix) => fix.timeMs)).toEqual(ride.map((fix) => fix.timeMs));
});

test('a track is cut where the speed changes its colour, without holes, and a silence is a part of its own', () => {
  const runs = runsOf(ride);
  expect(runs.map((run) => run.band)).toEqual([1, null, 6]);
  for (let at = 1; at < runs.length; at += 1) expect(runs[at]?.line[0]).toEqual(runs[at - 1]?.line.at(-1));
  // The fix on the straight way between the first and the third is left out.
  expect(runs[0]?.line).toEqual([
    [114, 22],
    [114.002, 22],
  ]);
});

test('one fix alone is no line', () => {
  expect(runsOf(ride.slice(0, 1))).toEqual([]);
});

test('a speed is in the band that begins with it', () => {
  expect([0, 19.9, 20, 59.9, 60, 119.9, 120, 300].map(bandOf)).toEqual([0, 0, 1, 2, 3, 5, 6, 6]);
  expect(bandOf(Number.NaN)).toBe(0);
  expect(bandOf(-5)).toBe(0);
});

test('bands follow each other, with a colour of their own in both themes', () => {
  for (const mode of ['light', 'dark'] as const) {
    const bands = speedBands(mode);
    bands.forEach((band, index) => {
      expect(band.toKmh).toBe(bands[index + 1]?.fromKmh ?? Number.POSITIVE_INFINITY);
    });
    expect(new Set(bands.map((band) => band.colour)).size).toBe(bands.length);
  }
});

import { expect, test } from 'vitest';
import { FramePace, SLOW_STEP_MS } from './framePace';

/** What the pace says to frames that come every so many milliseconds. */
function waits(pace: FramePace, fromMs: number, gapMs: number, frames: number): number[] {
  return Array.from({ length: frames }, (_, frame) => pace.next(fromMs + frame * gapMs));
}

test('a machine that draws in time draws every frame', () => {
  expect(new Set(waits(new FramePace(), 0, 16.7, 1_000))).toEqual(new Set([0]));
});

test('a machine that does not gets two frames a second, and is tried again after half a minute', () => {
  const pace = new FramePace();
  expect(waits(pace, 0, 300, 9).at(-1)).toBe(SLOW_STEP_MS);
  expect(pace.next(20_000)).toBe(SLOW_STEP_MS);
  expect(new Set(waits(pace, 40_000, 16.7, 100))).toEqual(new Set([0]));
});

test('one slow frame, and a page that nobody looked at, are no slow machine', () => {
  const pace = new FramePace();
  waits(pace, 0, 16.7, 50);
  expect(pace.next(1_200)).toBe(0);
  waits(pace, 1_217, 16.7, 50);
  expect(pace.next(900_000)).toBe(0);
  expect(pace.next(900_017)).toBe(0);
});

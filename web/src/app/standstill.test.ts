import { expect, test } from 'vitest';
import { isStill, type Seen, seenAfter } from './standstill';

/** What is known after these answers: blocks, and seconds at which they came. */
function after(...answers: readonly (readonly [block: number, seconds: number])[]): Seen {
  const [first, ...others] = answers;
  if (first === undefined) throw new Error('no answer');
  const begin = seenAfter(null, first[0], first[1] * 1000);
  return others.reduce((seen, [block, seconds]) => seenAfter(seen, block, seconds * 1000), begin);
}

test('a chain that goes on does not stand still, however long nobody looked', () => {
  expect(isStill(after([7, 0]))).toBe(false);
  expect(isStill(after([7, 0], [17, 20], [27, 40]))).toBe(false);
  expect(isStill(after([7, 0], [307, 600]))).toBe(false);
});

test('a chain with the same last block for half a minute stands still, since that block was seen first', () => {
  expect(isStill(after([7, 0], [9, 20], [9, 40]))).toBe(false);
  const still = after([7, 0], [9, 20], [9, 40], [9, 60]);
  expect([isStill(still), still.firstMs, still.block]).toEqual([true, 20_000, 9]);
  expect(isStill(after([9, 0], [9, 40], [10, 60]))).toBe(false);
});

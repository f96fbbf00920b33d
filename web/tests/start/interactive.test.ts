import { expect, test } from 'vitest';
import { interactiveMs } from './interactive';

test('a page that does nothing long is interactive when it is painted', () => {
  expect(interactiveMs(300, [], [], 6_000)).toBe(300);
  expect(interactiveMs(300, [[100, 290]], [], 6_000)).toBe(300);
});

test('a page is interactive after the last long task before five quiet seconds', () => {
  const tasks = [
    [200, 400],
    [900, 1_200],
    [6_300, 6_400],
  ] as const;
  expect(interactiveMs(300, tasks, [], 14_000)).toBe(1_200);
});

test('three requests at a time are no quiet, and are no task', () => {
  const requests = [
    [100, 4_000],
    [200, 4_100],
    [300, 2_000],
  ] as const;
  expect(interactiveMs(400, [[500, 700]], requests, 14_000)).toBe(700);
  expect(interactiveMs(400, [[2_500, 2_600]], requests, 14_000)).toBe(2_600);
});

test('a page that was not watched for long enough has not been seen to be interactive', () => {
  expect(interactiveMs(300, [[3_000, 3_100]], [], 8_000)).toBe(Number.POSITIVE_INFINITY);
});

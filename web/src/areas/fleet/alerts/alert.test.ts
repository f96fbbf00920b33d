import { expect, test } from 'vitest';
import { alertKinds, isOfFence, unitOf } from './alert';
import { alertTexts } from './alertTexts';

test('every kind has a name and a unit', () => {
  for (const kind of alertKinds) {
    expect(alertTexts.en).toHaveProperty(kind);
    expect(unitOf({ kind, key: 1 })).toBeTruthy();
  }
});

test("the vehicle's supply is told in volts, other batteries in per cent", () => {
  expect(unitOf({ kind: 'low_battery', key: 0 })).toBe('mv');
  expect(unitOf({ kind: 'low_battery', key: 1 })).toBe('permille');
});

test('what a newer service tells is shown by its name and without a value', () => {
  expect(unitOf({ kind: 'ufo', key: 0 })).toBe('none');
  expect(isOfFence('fence_dwell')).toBe(true);
  expect(isOfFence('tow')).toBe(false);
});

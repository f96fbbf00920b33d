import { expect, test } from 'vitest';
import { inForce, stateOf, type VersionRow } from './versions';

const version = (number: number, state: string, from: string): VersionRow => ({
  id: `1-440300-${number}`,
  city: 440_300,
  number,
  state,
  from,
});
const rows = [
  version(1, 'approved', '2026-01-01T00:00:00.000Z'),
  version(2, 'approved', '2026-06-01T00:00:00.000Z'),
  version(3, 'approved', '2027-01-01T00:00:00.000Z'),
  version(4, 'proposed', '2026-02-01T00:00:00.000Z'),
];
const now = Date.parse('2026-11-30T00:00:00Z');

test('of the approved versions the one that began last is in force', () => {
  expect(inForce(rows, 440_300, now)?.number).toBe(2);
  expect(inForce(rows, 440_300, Date.parse('2025-01-01T00:00:00Z'))).toBeUndefined();
  expect(inForce(rows, 110_000, now)).toBeUndefined();
});

test('every version says where it is in its life', () => {
  expect(rows.map((row) => stateOf(row, rows, now))).toEqual(['before', 'now', 'soon', 'proposed']);
});

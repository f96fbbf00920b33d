import { expect, test } from 'vitest';
import settled from '../../../tariff/fixtures/settled.json';
import { readTariff, type Tariff } from '../../../tariff/tariff';
import { distanceBands, previewOf, recomputed } from './preview';
import { settledRide } from './rides';

// Rides of a real chain, and the tariff by which they were settled.
const rides = settled.rides.flatMap(
  (row) => settledRide({ ...row, order: row.id.split('-')[2] ?? null }) ?? [],
);
const present = readTariff(settled.tariffs[0]?.tariff);
if (present === undefined) throw new Error('the tariff of the fixture is not read');

test('by the tariff that was in force nothing changes, to the unit', () => {
  const preview = previewOf(rides, present);
  expect(preview.rides).toBe(settled.rides.length);
  for (const { before, after } of [preview.fares, preview.drivers, preview.platform, preview.thirdParties]) {
    expect(after).toBe(before);
  }
  expect([preview.dearer, preview.cheaper, preview.most.length]).toEqual([0, 0, 0]);
  expect(recomputed(rides, () => present)).toBe(rides.length);
});

test('parts add up to the whole, by hour and by distance', () => {
  const dearer: Tariff = { ...present, table: { ...present.table, perKm: present.table.perKm + 400_000n } };
  const { fares, byHour, byDistance, most, ...preview } = previewOf(rides, dearer);
  expect(fares.after).toBeGreaterThan(fares.before);
  expect(preview.drivers.after + preview.platform.after + preview.thirdParties.after).toBe(fares.after);
  for (const bands of [byHour, byDistance]) {
    expect(bands.reduce((sum, band) => sum + band.fares.after, 0n)).toBe(fares.after);
    expect(bands.reduce((sum, band) => sum + band.rides, 0)).toBe(rides.length);
  }
  expect(byHour.length).toBe(24);
  expect(byDistance.length).toBe(distanceBands.length + 1);
  const steps = most.map((ride) => ride.fares.after - ride.fares.before);
  expect(steps).toEqual([...steps].sort((one, other) => (one < other ? 1 : -1)));
});

test('a higher minimum is felt on short rides alone', () => {
  const table = { ...present.table, minimum: 15_000_000n };
  const preview = previewOf(rides, { ...present, table });
  expect(preview.dearer).toBeGreaterThan(0);
  expect(preview.cheaper).toBe(0);
  for (const { fares } of preview.most) expect(fares.after).toBe(15_000_000n);
});

test('what the new limits do not allow is counted and not summed', () => {
  const table = { ...present.table, maxDistanceM: 5_000 };
  const preview = previewOf(rides, { ...present, table });
  const longer = rides.filter(({ ride }) => ride.distanceM > 5_000).length;
  expect(longer).toBeGreaterThan(0);
  expect(preview.refused.get('distance')).toBe(longer);
  expect(preview.rides).toBe(rides.length - longer);
  expect(preview.fares.after).toBe(preview.fares.before);
});

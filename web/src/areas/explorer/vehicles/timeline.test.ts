import { expect, test } from 'vitest';
import { type DeviceVersion, timeline, type VehicleVersion } from './timeline';

const born: VehicleVersion = {
  blockNumber: 7,
  fact: 96,
  time: '2026-11-30T07:20:00.000Z',
  ownerId: 2,
  plate: '粤BF00000',
  model: 'BYD Qin PLUS EV',
  status: 'InService',
  offeredToId: null,
  price: null,
  boughtFromId: null,
  paid: null,
};
const device = `0x${'47'.repeat(32)}`;
const bound: DeviceVersion = {
  blockNumber: 22,
  fact: 2,
  time: '2026-11-30T07:21:00.000Z',
  device,
  companyId: 2,
  vehicleId: 1,
  key: null,
  removed: false,
};

function what(versions: readonly VehicleVersion[], devices: readonly DeviceVersion[][] = []) {
  return timeline(1, versions, devices).map((moment) => [
    `${moment.blockNumber}-${moment.fact}`,
    ...moment.changes.map((change) => change.what),
  ]);
}

test('a vehicle is registered, fitted with a terminal, offered, sold, and scrapped by its new owner', () => {
  const offered = { ...born, blockNumber: 30, fact: 1, offeredToId: 3, price: '88000000000' };
  const sold = {
    ...born,
    blockNumber: 40,
    fact: 5,
    ownerId: 3,
    boughtFromId: 2,
    paid: '88000000000',
  };
  const scrapped = { ...sold, blockNumber: 90, fact: 1, status: 'Scrapped', plate: '' };
  const unbound = { ...bound, blockNumber: 40, fact: 4, removed: true };
  // Versions come in any order; the newest is shown first.
  expect(what([sold, born, scrapped, offered], [[unbound, bound]])).toEqual([
    ['90-1', 'status', 'plate'],
    ['40-5', 'sold'],
    ['40-4', 'unbound'],
    ['30-1', 'offered'],
    ['22-2', 'bound'],
    ['7-96', 'registered'],
  ]);
  const sale = timeline(1, [born, offered, sold], [])[0]?.changes;
  expect(sale).toEqual([{ what: 'sold', from: 2, to: 3, paid: '88000000000' }]);
});

test('an offer that is taken back is no sale', () => {
  const offered = { ...born, blockNumber: 30, fact: 1, offeredToId: 3, price: '1' };
  const back = { ...born, blockNumber: 31, fact: 1 };
  expect(what([born, offered, back])[0]).toEqual(['31-1', 'offer_ended']);
});

test('an offer with another price is another offer', () => {
  const offered = { ...born, blockNumber: 30, fact: 1, offeredToId: 3, price: '1' };
  const dearer = { ...offered, blockNumber: 31, price: '2' };
  expect(what([born, offered, dearer])[0]).toEqual(['31-1', 'offered']);
});

test('what a device did on other vehicles is not in the life of this one', () => {
  const elsewhere = { ...bound, blockNumber: 10, vehicleId: 9 };
  const unboundThere = { ...elsewhere, blockNumber: 12, removed: true };
  const movedOn = { ...bound, blockNumber: 50, vehicleId: 8 };
  expect(what([born], [[elsewhere, unboundThere, bound, movedOn]])).toEqual([
    ['50-2', 'unbound'],
    ['22-2', 'bound'],
    ['7-96', 'registered'],
  ]);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fareOf, type Ride } from './fare';
import settled from './fixtures/settled.json';
import { splitAmount } from './split';
import {
  type FareTable,
  partsOf,
  readTariff,
  surchargePermille,
  type Tariff,
  tariffArgument,
  tariffFault,
} from './tariff';

// The tariff, the rides and the fares of the tests of primitives/src/fare.rs and tariff.rs.
const table: FareTable = {
  base: 10_000_000n,
  includedM: 2_000,
  perKm: 2_600_000n,
  perMinute: 500_000n,
  freeWaitingS: 180,
  perWaitingMinute: 800_000n,
  minimum: 12_000_000n,
  cancellation: 5_000_000n,
  rounding: 10_000n,
  utcOffsetMinutes: 480,
  windows: [
    { days: 0b111_1111, fromMinute: 1380, untilMinute: 300, surchargePermille: 300 },
    { days: 0b001_1111, fromMinute: 420, untilMinute: 540, surchargePermille: 200 },
  ],
  maxSurgePermille: 3_000,
  maxDistanceM: 500_000,
  maxDurationS: 12 * 3600,
  maxWaitingS: 3_600,
  maxTollsFen: 100_000,
};
const tariff: Tariff = { table, split: { driverPpm: 780_000, platformPpm: 220_000, thirdParties: [] } };

/** 2024-05-15 (a Wednesday) 12:00 in Shanghai. */
const noon = 1_715_745_600;
const trip = (distanceM: number, durationS: number, pickup: number): Ride => ({
  kind: 'trip',
  pickup,
  distanceM,
  durationS,
  waitingS: 0,
  tollsFen: 0,
  surgePermille: 1000,
});

function total(ride: Ride, by = table): bigint | string {
  const priced = fareOf(by, ride);
  return priced.ok ? priced.fare.fare + priced.fare.tolls : priced.fault;
}

test('a trip through the day costs what the chain says', () => {
  const ride = trip(10_000, 1_200, noon);
  expect(total(ride)).toBe(40_800_000n);
  expect(total(trip(10_000, 1_200, noon - 4 * 3600))).toBe(48_960_000n);
  expect(total(trip(10_000, 1_200, noon - 10 * 3600))).toBe(53_040_000n);
  expect(total({ ...trip(10_000, 1_200, noon - 10 * 3600), surgePermille: 1500 })).toBe(73_440_000n);
  expect(total(trip(300, 60, noon))).toBe(12_000_000n);
  expect(total({ ...ride, tollsFen: 1_500, waitingS: 240 })).toBe(56_600_000n);
});

test('a cancelled ride costs its fee and waiting', () => {
  const cancelled: Ride = { ...trip(0, 0, noon), kind: 'cancelled', waitingS: 300 };
  expect(fareOf(table, cancelled)).toEqual({ ok: true, fare: { fare: 6_600_000n, tolls: 0n } });
  expect(total({ ...cancelled, distanceM: 1 })).toBe('cancelledButDriven');
});

test('a ride out of bounds is named', () => {
  const ride = trip(10_000, 1_200, noon);
  expect(total(trip(500_001, 0, noon))).toBe('distance');
  expect(total(trip(0, 43_201, noon))).toBe('duration');
  expect(total({ ...ride, waitingS: 3_601 })).toBe('waiting');
  expect(total({ ...ride, tollsFen: 100_001 })).toBe('tolls');
  expect(total({ ...ride, surgePermille: 999 })).toBe('surge');
  expect(total({ ...ride, surgePermille: 3_001 })).toBe('surge');
});

test('the week is local', () => {
  // 2019-03-23T20:21:09Z was a Saturday, in Shanghai already Sunday 04:21.
  const window = { days: 1 << 6, fromMinute: 240, untilMinute: 300, surchargePermille: 150 };
  expect(surchargePermille({ ...table, windows: [window] }, 1_553_372_469)).toBe(150);
  expect(surchargePermille({ ...table, windows: [window], utcOffsetMinutes: 0 }, 1_553_372_469)).toBe(0);
});

test('a night window reaches into the next day', () => {
  const friday = { days: 1 << 4, fromMinute: 1380, untilMinute: 300, surchargePermille: 200 };
  const night = { ...table, windows: [friday] };
  /** 2024-05-17 (a Friday) 00:00 in Shanghai. */
  const midnight = noon + 1.5 * 86_400;
  const at = (day: number, minute: number) => surchargePermille(night, midnight + day * 86_400 + minute * 60);
  expect([at(0, 1380), at(1, 299)]).toEqual([200, 200]);
  expect([at(0, 299), at(1, 1380), at(1, 300)]).toEqual([0, 0, 0]);
});

test('a tariff that cannot hold says why', () => {
  expect(tariffFault(tariff)).toBeNull();
  const broken = (change: Partial<FareTable>) => tariffFault({ ...tariff, table: { ...table, ...change } });
  expect(tariffFault({ ...tariff, split: { ...tariff.split, driverPpm: 780_001 } })).toBe('shares');
  expect(broken({ rounding: 0n })).toBe('rounding');
  expect(broken({ maxSurgePermille: 999 })).toBe('multiplier');
  expect(broken({ perKm: 2n ** 64n - 1n })).toBe('tooDear');
  expect(broken({ utcOffsetMinutes: 900 })).toBe('utcOffset');
  expect(broken({ windows: [{ days: 0, fromMinute: 1, untilMinute: 2, surchargePermille: 1 }] })).toBe(
    'window',
  );
  const twice = {
    driverPpm: 780_000,
    platformPpm: 200_000,
    thirdParties: [
      { company: 4, ppm: 10_000 },
      { company: 4, ppm: 10_000 },
    ],
  };
  expect(tariffFault({ ...tariff, split: twice })).toBe('thirdParty');
});

test('the last unit goes to the larger remainder, then to the earlier part', () => {
  expect(splitAmount([333_333, 333_333, 333_334], 100n)).toEqual([33n, 33n, 34n]);
  expect(splitAmount([500_000, 500_000], 7n)).toEqual([4n, 3n]);
});

test('no unit appears or disappears, and every part is its share to the unit', () => {
  const shares = fc
    .array(fc.nat(1_000_000), { maxLength: 9 })
    .map((cuts) => [0, ...cuts, 1_000_000].sort((a, b) => a - b))
    .map((cuts) => cuts.slice(1).map((cut, at) => cut - (cuts[at] ?? 0)));
  fc.assert(
    fc.property(shares, fc.bigInt({ min: 0n, max: 2n ** 64n }), (ppm, amount) => {
      const parts = splitAmount(ppm, amount);
      expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(amount);
      parts.forEach((part, at) => {
        const exact = amount * BigInt(ppm[at] ?? 0);
        expect(part * 1_000_000n < exact + 1_000_000n && (part + 1n) * 1_000_000n > exact).toBe(true);
      });
    }),
  );
});

test('a longer trip never costs less', () => {
  const rides = fc.record({ metres: fc.nat(400_000), seconds: fc.nat(40_000), more: fc.nat(2_000) });
  fc.assert(
    fc.property(rides, ({ metres, seconds, more }) => {
      const [one, other] = [total(trip(metres, seconds, noon)), total(trip(metres + more, seconds, noon))];
      expect(typeof one === 'bigint' && typeof other === 'bigint' && one <= other).toBe(true);
    }),
  );
});

test('every receipt that a chain settled is computed to the unit, and cut as it was cut there', () => {
  const tariffs = new Map(settled.tariffs.map(({ id, tariff: json }) => [id, readTariff(json)]));
  for (const row of settled.rides) {
    const by = tariffs.get(row.tariffId);
    if (by === undefined) throw new Error(`no tariff ${row.tariffId}`);
    const priced = fareOf(by.table, {
      kind: row.kind === 'Trip' ? 'trip' : 'cancelled',
      pickup: Date.parse(row.pickup) / 1000,
      distanceM: row.distanceM,
      durationS: row.durationS,
      waitingS: row.waitingS,
      tollsFen: Number(BigInt(row.tolls) / 10_000n),
      surgePermille: row.surgePermille,
    });
    expect(priced).toEqual({ ok: true, fare: { fare: BigInt(row.fare), tolls: BigInt(row.tolls) } });
    const [driver = 0n, platform, ...third] = splitAmount(partsOf(by.split), BigInt(row.fare));
    expect(driver + BigInt(row.tolls)).toBe(BigInt(row.driverShare));
    expect(platform).toBe(BigInt(row.platform));
    expect(third.reduce((sum, part) => sum + part, 0n)).toBe(BigInt(row.thirdParties));
  }
  expect(settled.rides.length).toBeGreaterThan(50);
});

test('what is read from the index is what is given to the chain', () => {
  const read = readTariff(settled.tariffs[0]?.tariff);
  if (read === undefined) throw new Error('not read');
  const digits = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
  const given: unknown = JSON.parse(JSON.stringify(tariffArgument(read), digits));
  expect(given).toEqual(settled.tariffs[0]?.tariff);
});

const ofIndex = {
  split: { driver_ppm: 780000, platform_ppm: 200000, third_parties: [{ company: 4, ppm: 20000 }] },
  table: {
    base: '10000000',
    cancellation: '5000000',
    free_waiting_s: 180,
    included_m: 2000,
    max_distance_m: 300000,
    max_duration_s: 43200,
    max_surge_permille: 3000,
    max_tolls_fen: 100000,
    max_waiting_s: 3600,
    minimum: '12000000',
    per_km: '2600000',
    per_minute: '500000',
    per_waiting_minute: '800000',
    rounding: '10000',
    utc_offset_minutes: 480,
    windows: [{ days: 127, from_minute: 1380, surcharge_permille: 300, until_minute: 300 }],
  },
};

test('a tariff of the index is read with its amounts as integers', () => {
  const read = readTariff(ofIndex);
  expect(read?.table.perKm).toBe(2_600_000n);
  expect(read?.table.windows).toEqual([
    { days: 127, fromMinute: 1380, untilMinute: 300, surchargePermille: 300 },
  ]);
  expect(read?.split.thirdParties).toEqual([{ company: 4, ppm: 20_000 }]);
});

test('a tariff of a form that is not known is not guessed at', () => {
  expect(readTariff(null)).toBeUndefined();
  expect(readTariff({ ...ofIndex, table: { ...ofIndex.table, base: 10_000_000.5 } })).toBeUndefined();
  expect(readTariff({ ...ofIndex, table: { ...ofIndex.table, per_km: '-1' } })).toBeUndefined();
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Driven, fareLines } from './lines';
import { type FareTable, surchargePermille } from './tariff';

// The table, the rides and the fares of primitives/src/fare.rs.
const city: FareTable = {
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
  maxDurationS: 43_200,
  maxWaitingS: 3_600,
  maxTollsFen: 100_000,
};

/** 2024-05-15 (a Wednesday) 12:00 in Shanghai. */
const noon = 1_715_745_600;

function trip(distanceM: number, durationS: number, pickup: number): Driven {
  return { kind: 'trip', pickup, distanceM, durationS, waitingS: 0, surgePermille: 1000 };
}

test('a trip through the day costs what the chain says', () => {
  const fare = (ride: Driven) => fareLines(city, ride).fare;
  const ride = trip(10_000, 1_200, noon);
  expect(fare(ride)).toBe(40_800_000n);
  // At 08:00 a fifth more, at 02:00 three tenths more, and surge adds to it.
  expect(fare({ ...ride, pickup: noon - 4 * 3600 })).toBe(48_960_000n);
  expect(fare({ ...ride, pickup: noon - 10 * 3600 })).toBe(53_040_000n);
  expect(fare({ ...ride, pickup: noon - 10 * 3600, surgePermille: 1500 })).toBe(73_440_000n);
  expect(fare(trip(300, 60, noon))).toBe(12_000_000n);
  // 56.60 there, with tolls of 15.00 on top.
  expect(fare({ ...ride, waitingS: 240 })).toBe(41_600_000n);
});

test('a cancelled ride costs its fee and its waiting', () => {
  const { lines, fare } = fareLines(city, { ...trip(0, 0, noon), kind: 'cancelled', waitingS: 300 });
  expect(fare).toBe(6_600_000n);
  expect(lines.map((line) => line.what)).toEqual(['cancellation', 'waiting']);
});

test('a short hop has a line for what the minimum adds', () => {
  const { lines } = fareLines(city, trip(300, 60, noon));
  expect(lines).toEqual([
    { what: 'base', amount: 10_000_000n, of: 2_000 },
    { what: 'time', amount: 500_000n, of: 60, rate: 500_000n },
    { what: 'minimum', amount: 1_500_000n },
  ]);
});

test('a window that goes over midnight counts to the day on which it began', () => {
  const friday = {
    ...city,
    windows: [{ days: 0b001_0000, fromMinute: 1380, untilMinute: 300, surchargePermille: 50 }],
  };
  // 2024-05-17 was a Friday.
  const midnight = Date.UTC(2024, 4, 17, 16) / 1000;
  expect(surchargePermille(friday, midnight - 3600)).toBe(50);
  expect(surchargePermille(friday, midnight + 4 * 3600)).toBe(50);
  expect(surchargePermille(friday, midnight + 5 * 3600)).toBe(0);
  expect(surchargePermille(friday, midnight - 20 * 3600)).toBe(0);
});

test('the lines always add up to the fare, and the fare is a multiple of the step', () => {
  const rides = fc.record({
    kind: fc.constantFrom('trip' as const, 'cancelled' as const),
    pickup: fc.integer({ min: 1_500_000_000, max: 1_900_000_000 }),
    distanceM: fc.nat(500_000),
    durationS: fc.nat(43_200),
    waitingS: fc.nat(3_600),
    surgePermille: fc.integer({ min: 1000, max: 3000 }),
  });
  fc.assert(
    fc.property(rides, (ride) => {
      const { lines, fare } = fareLines(city, ride);
      expect(lines.reduce((total, line) => total + line.amount, 0n)).toBe(fare);
      expect(fare % city.rounding).toBe(0n);
      if (ride.kind === 'trip') expect(fare >= city.minimum).toBe(true);
    }),
  );
});

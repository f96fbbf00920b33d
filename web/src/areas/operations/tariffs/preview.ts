// What real rides would have cost by another tariff: the fares of their receipts, and those computed anew, ride by ride.
import { fareOf, type Ride, type RideFault } from '../../../tariff/fare';
import { splitAmount } from '../../../tariff/split';
import { localTime, partsOf, type Tariff } from '../../../tariff/tariff';

/** A ride as it was settled. */
export interface SettledRide {
  readonly id: string;
  readonly order: string;
  readonly ride: Ride;
  /** What was paid without tolls, in micro CNY. */
  readonly fare: bigint;
  /** The parts of it, tolls aside. */
  readonly driver: bigint;
  readonly platform: bigint;
  readonly thirdParties: bigint;
}

/** A sum before and after. */
export interface Change {
  readonly before: bigint;
  readonly after: bigint;
}

export interface Band {
  readonly rides: number;
  readonly fares: Change;
}

export interface ChangedRide {
  readonly id: string;
  readonly order: string;
  readonly distanceM: number;
  readonly fares: Change;
}

export interface Preview {
  /** Rides that both tariffs price. */
  readonly rides: number;
  /** Rides that the new tariff does not allow, by what is over its limits. */
  readonly refused: ReadonlyMap<RideFault, number>;
  readonly fares: Change;
  readonly drivers: Change;
  readonly platform: Change;
  readonly thirdParties: Change;
  readonly dearer: number;
  readonly cheaper: number;
  /** By the hour of the pick-up by the new tariff's clock: 24 of them. */
  readonly byHour: readonly Band[];
  /** By distance: as `distanceBands`. */
  readonly byDistance: readonly Band[];
  /** The rides that change most, the largest change first. */
  readonly most: readonly ChangedRide[];
}

/** The upper ends of the bands of distance in metres; what is longer than the last is a band of its own. */
export const distanceBands: readonly number[] = [2_000, 5_000, 10_000, 20_000, 50_000];
const shownRides = 10;

interface Pair {
  readonly of: SettledRide;
  readonly after: bigint;
  readonly parts: readonly bigint[];
}

export function previewOf(rides: readonly SettledRide[], tariff: Tariff): Preview {
  const refused = new Map<RideFault, number>();
  const pairs: Pair[] = [];
  const shares = partsOf(tariff.split);
  for (const of of rides) {
    const priced = fareOf(tariff.table, of.ride);
    if (priced.ok) {
      const after = priced.fare.fare;
      pairs.push({ of, after, parts: splitAmount(shares, after) });
    } else refused.set(priced.fault, (refused.get(priced.fault) ?? 0) + 1);
  }
  const change = (before: (ride: SettledRide) => bigint, after: (pair: Pair) => bigint): Change => ({
    before: pairs.reduce((sum, pair) => sum + before(pair.of), 0n),
    after: pairs.reduce((sum, pair) => sum + after(pair), 0n),
  });
  return {
    rides: pairs.length,
    refused,
    fares: change(
      ({ fare }) => fare,
      ({ after }) => after,
    ),
    drivers: change(
      ({ driver }) => driver,
      ({ parts }) => parts[0] ?? 0n,
    ),
    platform: change(
      ({ platform }) => platform,
      ({ parts }) => parts[1] ?? 0n,
    ),
    thirdParties: change(
      ({ thirdParties }) => thirdParties,
      ({ parts }) => parts.slice(2).reduce((sum, part) => sum + part, 0n),
    ),
    dearer: pairs.filter(({ of, after }) => after > of.fare).length,
    cheaper: pairs.filter(({ of, after }) => after < of.fare).length,
    byHour: banded(pairs, 24, ({ of }) => Math.floor(localTime(tariff.table, of.ride.pickup).minute / 60)),
    byDistance: banded(pairs, distanceBands.length + 1, ({ of }) => bandOf(of.ride.distanceM)),
    most: [...pairs]
      .filter(({ of, after }) => after !== of.fare)
      .sort((one, other) => compare(size(other.after - other.of.fare), size(one.after - one.of.fare)))
      .slice(0, shownRides)
      .map(({ of, after }) => ({
        id: of.id,
        order: of.order,
        distanceM: of.ride.distanceM,
        fares: { before: of.fare, after },
      })),
  };
}

function bandOf(distanceM: number): number {
  const band = distanceBands.findIndex((end) => distanceM <= end);
  return band < 0 ? distanceBands.length : band;
}

function banded(pairs: readonly Pair[], count: number, band: (pair: Pair) => number): readonly Band[] {
  const bands = Array.from({ length: count }, () => ({ rides: 0, fares: { before: 0n, after: 0n } }));
  for (const pair of pairs) {
    const of = bands[band(pair)];
    if (of === undefined) continue;
    of.rides += 1;
    of.fares = { before: of.fares.before + pair.of.fare, after: of.fares.after + pair.after };
  }
  return bands;
}

function size(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function compare(one: bigint, other: bigint): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** How many of the rides the tariff by which they were settled gives exactly the fare of their receipt. */
export function recomputed(
  rides: readonly SettledRide[],
  tariffOf: (id: string) => Tariff | undefined,
): number {
  return rides.filter(({ id, ride, fare }) => {
    const tariff = tariffOf(id);
    const priced = tariff === undefined ? undefined : fareOf(tariff.table, ride);
    return priced?.ok === true && priced.fare.fare === fare;
  }).length;
}

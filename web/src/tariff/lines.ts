// What a ride costs by its tariff, line by line, as the chain computes it (primitives/src/fare.rs): integers only, each
// division floors. Amounts are in micro CNY.
//
//   metered = base + beyond(distance, included) × perKm / 1000 + duration × perMinute / 60
//             + beyond(waiting, free) × perWaitingMinute / 60
//   fare    = max(metered × (surge + surcharge) / 1000, minimum), rounded half up to the step
import { type FareTable, surchargePermille } from './tariff';

/** What was driven. */
export interface Driven {
  readonly kind: 'trip' | 'cancelled';
  /** Seconds of the Unix epoch. */
  readonly pickup: number;
  readonly distanceM: number;
  readonly durationS: number;
  readonly waitingS: number;
  readonly surgePermille: number;
}

/** One line of a receipt. */
export interface FareLine {
  readonly what:
    | 'base'
    | 'cancellation'
    | 'distance'
    | 'time'
    | 'waiting'
    | 'surge'
    | 'surcharge'
    | 'minimum'
    | 'rounding';
  readonly amount: bigint;
  /** What is counted: metres, seconds, or thousandths. */
  readonly of?: number;
  /** The price of a kilometre or a minute. */
  readonly rate?: bigint;
}

export interface FareLines {
  readonly lines: readonly FareLine[];
  /** What they add up to. */
  readonly fare: bigint;
}

function beyond(value: number, free: number): number {
  return Math.max(value - free, 0);
}

/** Takes lines of nothing away, except the first. */
function present(lines: readonly FareLine[]): readonly FareLine[] {
  return lines.filter((line, at) => at === 0 || line.amount !== 0n);
}

/** The lines of a fare, and their sum. Tolls come on top. */
export function fareLines(table: FareTable, ride: Driven): FareLines {
  const waited = beyond(ride.waitingS, table.freeWaitingS);
  const waiting: FareLine = {
    what: 'waiting',
    amount: (BigInt(waited) * table.perWaitingMinute) / 60n,
    of: waited,
    rate: table.perWaitingMinute,
  };
  if (ride.kind === 'cancelled') {
    return rounded(table, [{ what: 'cancellation', amount: table.cancellation }, waiting]);
  }
  const far = beyond(ride.distanceM, table.includedM);
  const metered: readonly FareLine[] = [
    { what: 'base', amount: table.base, of: table.includedM },
    { what: 'distance', amount: (BigInt(far) * table.perKm) / 1000n, of: far, rate: table.perKm },
    {
      what: 'time',
      amount: (BigInt(ride.durationS) * table.perMinute) / 60n,
      of: ride.durationS,
      rate: table.perMinute,
    },
    waiting,
  ];
  return rounded(table, [...metered, ...multiplied(table, ride, sum(metered))]);
}

/** What surge, surcharge and minimum add to the metered fare. */
function multiplied(table: FareTable, ride: Driven, metered: bigint): readonly FareLine[] {
  const surcharge = surchargePermille(table, ride.pickup);
  const dearer = (metered * BigInt(ride.surgePermille + surcharge)) / 1000n;
  const surged = (metered * BigInt(ride.surgePermille)) / 1000n;
  const least = dearer < table.minimum ? table.minimum - dearer : 0n;
  return [
    { what: 'surge', amount: surged - metered, of: ride.surgePermille },
    { what: 'surcharge', amount: dearer - surged, of: surcharge },
    { what: 'minimum', amount: least },
  ];
}

/** To the nearest multiple of the step, half up. */
function rounded(table: FareTable, lines: readonly FareLine[]): FareLines {
  const exact = sum(lines);
  const fare = ((exact + table.rounding / 2n) / table.rounding) * table.rounding;
  return { lines: present([...lines, { what: 'rounding', amount: fare - exact }]), fare };
}

function sum(lines: readonly FareLine[]): bigint {
  return lines.reduce((total, line) => total + line.amount, 0n);
}

// What a ride comes to by a table: the fare, which the lines add up to, and the tolls; or the limit that it is over.
import { type Driven, fareLines } from './lines';
import { type FareTable, unitsPerFen } from './tariff';

/** What was driven, and what it cost the driver on the way. */
export interface Ride extends Driven {
  readonly tollsFen: number;
}

/** In micro CNY. */
export interface Fare {
  /** To be shared. */
  readonly fare: bigint;
  /** The driver's outlay, on top. */
  readonly tolls: bigint;
}

/** What is over the table's limits. */
export type RideFault = 'distance' | 'duration' | 'waiting' | 'tolls' | 'surge' | 'cancelledButDriven';

export type Priced =
  | { readonly ok: true; readonly fare: Fare }
  | { readonly ok: false; readonly fault: RideFault };

/** The fare of a ride by a table that has no fault. */
export function fareOf(table: FareTable, ride: Ride): Priced {
  const fault = beyondLimits(table, ride);
  if (fault !== null) return { ok: false, fault };
  const tolls = BigInt(ride.tollsFen) * unitsPerFen;
  return { ok: true, fare: { fare: fareLines(table, ride).fare, tolls } };
}

function beyondLimits(table: FareTable, ride: Ride): RideFault | null {
  if (ride.distanceM > table.maxDistanceM) return 'distance';
  if (ride.durationS > table.maxDurationS) return 'duration';
  if (ride.waitingS > table.maxWaitingS) return 'waiting';
  if (ride.tollsFen > table.maxTollsFen) return 'tolls';
  if (ride.surgePermille < 1000 || ride.surgePermille > table.maxSurgePermille) return 'surge';
  const driven = ride.distanceM !== 0 || ride.durationS !== 0 || ride.tollsFen !== 0;
  return ride.kind === 'cancelled' && driven ? 'cancelledButDriven' : null;
}

// Settled rides of the index, as the preview computes with them.
import type { SettledRide } from './preview';

/** What the index has of a ride. */
export interface RideRow {
  readonly id: string;
  readonly order: string | null;
  readonly tariffId: string | null;
  readonly kind: string | null;
  readonly pickup: string | null;
  readonly distanceM: number | null;
  readonly durationS: number | null;
  readonly waitingS: number | null;
  readonly surgePermille: number | null;
  readonly fare: string | null;
  readonly tolls: string | null;
  readonly driverShare: string | null;
  readonly platform: string | null;
  readonly thirdParties: string | null;
}

/** Nothing where something of the ride is not known. */
export function settledRide(row: RideRow): SettledRide | undefined {
  const { kind, pickup, distanceM, durationS, waitingS, surgePermille, fare, tolls } = row;
  if (kind !== 'Trip' && kind !== 'Cancelled') return undefined;
  if (pickup === null || distanceM === null || durationS === null || waitingS === null) return undefined;
  if (surgePermille === null || fare === null || tolls === null) return undefined;
  return {
    id: row.id,
    order: row.order ?? '',
    ride: {
      kind: kind === 'Trip' ? 'trip' : 'cancelled',
      pickup: Date.parse(pickup) / 1000,
      distanceM,
      durationS,
      waitingS,
      tollsFen: Number(BigInt(tolls) / 10_000n),
      surgePermille,
    },
    fare: BigInt(fare),
    // The driver's share has the tolls in it, which she paid.
    driver: BigInt(row.driverShare ?? '0') - BigInt(tolls),
    platform: BigInt(row.platform ?? '0'),
    thirdParties: BigInt(row.thirdParties ?? '0'),
  };
}

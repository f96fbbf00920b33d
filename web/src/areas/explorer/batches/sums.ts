// Whether the rides of a batch add up to what the batch says.

export interface BatchSums {
  readonly rideCount: number | null;
  readonly gross: string | null;
  readonly drivers: string | null;
  readonly platform: string | null;
  readonly thirdParties: string | null;
}

/** What the index counts over the rides: amounts in units of 10⁻⁶ CNY. */
export interface RideSums {
  readonly count: string;
  readonly sum: {
    readonly fare: string | null;
    readonly tolls: string | null;
    readonly driverShare: string | null;
    readonly platform: string | null;
    readonly thirdParties: string | null;
  };
}

/** Gross is fares and tolls; a driver's share has the tolls in it. */
export function addUp(batch: BatchSums, rides: RideSums | undefined): boolean {
  if (rides === undefined) return batch.rideCount === 0;
  const { fare, tolls, driverShare, platform, thirdParties } = rides.sum;
  const same = (one: string | null, ...others: readonly (string | null)[]) =>
    one !== null && BigInt(one) === others.reduce((total, other) => total + BigInt(other ?? '0'), 0n);
  return (
    String(batch.rideCount) === rides.count &&
    same(batch.gross, fare, tolls) &&
    same(batch.drivers, driverShare) &&
    same(batch.platform, platform) &&
    same(batch.thirdParties, thirdParties)
  );
}

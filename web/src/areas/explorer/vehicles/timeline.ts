// The life of a vehicle, read from its versions and those of its devices: what each change was, by comparing it with
// the version before.

/** Where on the chain a change was made: the fact is the place of its event in the block. */
interface Place {
  readonly blockNumber: number;
  readonly fact: number;
  readonly time: string;
}

/** A version of a vehicle, as a change left it. Amounts in units of 10⁻⁶ CNY. */
export interface VehicleVersion extends Place {
  readonly ownerId: number | null;
  readonly plate: string | null;
  readonly model: string | null;
  readonly status: string | null;
  readonly offeredToId: number | null;
  readonly price: string | null;
  readonly boughtFromId: number | null;
  readonly paid: string | null;
}

/** A version of a device's binding. */
export interface DeviceVersion extends Place {
  readonly device: string | null;
  readonly companyId: number | null;
  readonly vehicleId: number | null;
  readonly key: string | null;
  readonly removed: boolean;
}

export type Change =
  | {
      readonly what: 'registered';
      readonly owner: number | null;
      readonly plate: string | null;
      readonly model: string | null;
    }
  | { readonly what: 'plate'; readonly was: string | null; readonly now: string | null }
  | { readonly what: 'status'; readonly was: string | null; readonly now: string | null }
  | {
      readonly what: 'offered';
      readonly by: number | null;
      readonly to: number;
      readonly price: string | null;
    }
  | { readonly what: 'offer_ended'; readonly to: number }
  | {
      readonly what: 'sold';
      readonly from: number | null;
      readonly to: number | null;
      readonly paid: string | null;
    }
  | {
      readonly what: 'bound';
      readonly device: string;
      readonly company: number | null;
      readonly key: string | null;
    }
  | { readonly what: 'unbound'; readonly device: string; readonly company: number | null };

/** What happened at one place of the chain. */
export interface Moment extends Place {
  readonly changes: readonly Change[];
}

/** All that happened to a vehicle, the newest first. Versions come in any order. */
export function timeline(
  vehicle: number,
  versions: readonly VehicleVersion[],
  devices: readonly (readonly DeviceVersion[])[],
): readonly Moment[] {
  const moments = [...ofVehicle(versions), ...devices.flatMap((history) => ofDevice(vehicle, history))];
  return moments.filter((moment) => moment.changes.length > 0).sort((one, other) => byPlace(other, one));
}

function byPlace(one: Place, other: Place): number {
  return one.blockNumber - other.blockNumber || one.fact - other.fact;
}

function at({ blockNumber, fact, time }: Place, changes: readonly Change[]): Moment {
  return { blockNumber, fact, time, changes };
}

function ofVehicle(versions: readonly VehicleVersion[]): readonly Moment[] {
  const ordered = [...versions].sort(byPlace);
  return ordered.map((now, index) => {
    const was = ordered[index - 1];
    return at(now, was === undefined ? born(now) : between(was, now));
  });
}

function born(now: VehicleVersion): readonly Change[] {
  return [{ what: 'registered', owner: now.ownerId, plate: now.plate, model: now.model }];
}

function between(was: VehicleVersion, now: VehicleVersion): readonly Change[] {
  const changes: Change[] = [];
  const isSold = was.ownerId !== now.ownerId;
  if (isSold) changes.push({ what: 'sold', from: was.ownerId, to: now.ownerId, paid: now.paid });
  if (was.status !== now.status) changes.push({ what: 'status', was: was.status, now: now.status });
  if (was.plate !== now.plate) changes.push({ what: 'plate', was: was.plate, now: now.plate });
  const isOther = was.offeredToId !== now.offeredToId || was.price !== now.price;
  if (isOther && now.offeredToId !== null) {
    changes.push({ what: 'offered', by: now.ownerId, to: now.offeredToId, price: now.price });
  } else if (isOther && was.offeredToId !== null && !isSold) {
    changes.push({ what: 'offer_ended', to: was.offeredToId });
  }
  return changes;
}

/** A device may have been on other vehicles before and since. */
function ofDevice(vehicle: number, history: readonly DeviceVersion[]): readonly Moment[] {
  const ordered = [...history].sort(byPlace);
  return ordered.map((now, index) => {
    const was = ordered[index - 1];
    const isBound = isOn(vehicle, now);
    const wasBound = was !== undefined && isOn(vehicle, was);
    if (now.device === null || (isBound === wasBound && was?.key === now.key)) return at(now, []);
    const { device, companyId: company, key } = now;
    if (isBound) return at(now, [{ what: 'bound', device, company, key }]);
    return at(now, wasBound ? [{ what: 'unbound', device, company }] : []);
  });
}

function isOn(vehicle: number, version: DeviceVersion): boolean {
  return !version.removed && version.vehicleId === vehicle;
}

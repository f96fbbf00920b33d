// Which vehicles the list beside the map shows, and in which order.
import type { VehicleState as Look } from '../../../map/motion/fleet';
import type { ChainVehicle } from '../roster/useRoster';
import type { LiveFleet } from './liveFleet';

export const looks = ['everything', 'alert', 'moving', 'idle', 'offline'] as const;
export type LookFilter = (typeof looks)[number];

/** Who moves and who stands changes all the time: rows must not jump for that. */
const ranks: Readonly<Record<Look, number>> = { alert: 0, moving: 1, idle: 1, offline: 2 };

/** Those in need first, then by number. A search finds a part of the plate, or the number. */
export function listed(
  fleet: LiveFleet,
  roster: ReadonlyMap<number, Pick<ChainVehicle, 'plate' | 'model'>>,
  search: string,
  filter: LookFilter,
  numbered: (id: number) => string,
): { id: number; plate: string; model: string; look: Look }[] {
  const wanted = search.toLowerCase().replace(/\s/g, '');
  return [...fleet.vehicles()]
    .map(({ vehicle: id }) => {
      const known = roster.get(id);
      return { id, plate: known?.plate ?? numbered(id), model: known?.model ?? '', look: fleet.look(id) };
    })
    .filter(({ id, plate, look }) => {
      if (filter !== 'everything' && look !== filter) return false;
      return wanted === '' || plate.toLowerCase().includes(wanted) || String(id) === wanted;
    })
    .sort((one, other) => ranks[one.look] - ranks[other.look] || one.id - other.id);
}

import type { ChainVehicle } from '../roster/useRoster';

/** Ours, offered to us, or offered by us. */
export const whose = ['own', 'in', 'out'] as const;
export type Whose = (typeof whose)[number];

/** The vehicles that fit: a search finds a part of plate, VIN or model, or the number. */
export function fitting(
  all: readonly ChainVehicle[],
  company: number,
  which: Whose,
  status: string | undefined,
  search: string,
): ChainVehicle[] {
  const wanted = search.toLowerCase();
  return all.filter((vehicle) => {
    const isOwn = vehicle.owner === company;
    const fits = which === 'own' ? isOwn : which === 'in' ? !isOwn : isOwn && vehicle.offeredTo !== null;
    if (!fits || (status !== undefined && vehicle.status !== status)) return false;
    if (wanted === '' || String(vehicle.id) === wanted) return true;
    return `${vehicle.plate ?? ''} ${vehicle.vin} ${vehicle.model}`.toLowerCase().includes(wanted);
  });
}

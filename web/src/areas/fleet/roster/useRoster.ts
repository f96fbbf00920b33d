// The company's vehicles as the chain has them: their plates stand beside numbers on every page.
import { useQuery } from '@tanstack/react-query';
import { useSession } from '../../../api/hooks';
import { useTexts } from '../../../i18n/useTexts';
import { ask } from '../../../index/ask';
import type { FleetRosterQuery } from '../graphql/graphql';
import { texts } from '../texts';
import { rosterQuery } from './queries';

export interface ChainVehicle {
  readonly id: number;
  readonly plate: string | null;
  readonly vin: string;
  readonly model: string;
  readonly class: string;
  readonly status: string;
  readonly owner: number;
  /** To whom it is offered. Null: to nobody. */
  readonly offeredTo: number | null;
  /** In micro CNY. Null: it is not offered. */
  readonly price: bigint | null;
}

/** No company has more: beyond, the rest goes by its numbers. */
const mostVehicles = 20_000;

export const rosterKey = ['fleet', 'roster'] as const;

/** All vehicles of the company, by number, and those that are offered to it. Asked for again each half minute. */
export function useRoster() {
  const company = useSession()?.company;
  return useQuery({
    queryKey: [...rosterKey, company],
    enabled: company !== undefined,
    queryFn: ({ signal }) => readRoster(company ?? 0, signal),
    staleTime: 20_000,
    refetchInterval: 30_000,
  });
}

async function readRoster(company: number, signal: AbortSignal): Promise<ReadonlyMap<number, ChainVehicle>> {
  const found = new Map<number, ChainVehicle>();
  let after = 0;
  while (found.size < mostVehicles) {
    const { vehicles } = await ask(rosterQuery, { company, after }, { signal });
    for (const row of vehicles) {
      const vehicle = read(row);
      if (vehicle !== null) found.set(vehicle.id, vehicle);
    }
    const last = vehicles.at(-1)?.vehicle;
    if (vehicles.length < 1000 || last == null) break;
    after = last;
  }
  return found;
}

function read(row: FleetRosterQuery['vehicles'][number]): ChainVehicle | null {
  if (row.vehicle === null || row.ownerId === null) return null;
  return {
    id: row.vehicle,
    plate: row.plate === '' ? null : row.plate,
    vin: row.vin ?? '',
    model: row.model ?? '',
    class: row.class ?? '',
    status: row.status ?? '',
    owner: row.ownerId,
    offeredTo: row.offeredToId,
    price: row.price === null ? null : BigInt(row.price),
  };
}

/** The plate of a vehicle, or `Vehicle 7` while it is not known. */
export function usePlates(): (vehicle: number) => string {
  const t = useTexts(texts);
  const { data } = useRoster();
  return (vehicle) => data?.get(vehicle)?.plate ?? t('vehicleNumber', { id: vehicle });
}

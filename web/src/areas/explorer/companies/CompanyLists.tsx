import { getRouteApi } from '@tanstack/react-router';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { useAnchorColumns } from '../anchors/columns';
import { anchorsQuery } from '../anchors/queries';
import { useBatchColumns } from '../batches/columns';
import { batchesQuery } from '../batches/queries';
import { useSeatColumns } from '../drivers/columns';
import { driversQuery } from '../drivers/queries';
import { ConnectionTable } from '../list/ConnectionTable';
import { pageAt, windowOf } from '../list/paging';
import { useTurn } from '../list/useTurn';
import { useMachineColumns } from '../nodes/columns';
import { machinesQuery } from '../nodes/queries';
import { useTariffColumns } from '../tariffs/columns';
import { tariffsQuery } from '../tariffs/queries';
import { texts as words } from '../texts';
import { useVehicleColumns } from '../vehicles/columns';
import { vehiclesQuery } from '../vehicles/queries';

interface Props {
  readonly id: string;
  readonly at: { readonly number: number } | null;
}

const route = getRouteApi('/explorer/companies/$company');

/** What belongs to a company, a list each. */
export function CompanyLists(
  props: Props & { of: 'nodes' | 'vehicles' | 'drivers' | 'tariffs' | 'batches' | 'anchors' },
) {
  switch (props.of) {
    case 'nodes':
      return <Nodes {...props} />;
    case 'vehicles':
      return <Vehicles {...props} />;
    case 'drivers':
      return <Drivers {...props} />;
    case 'tariffs':
      return <Tariffs {...props} />;
    case 'batches':
      return <Batches {...props} />;
    case 'anchors':
      return <Anchors {...props} />;
  }
}

function usePlace() {
  const at = pageAt(route.useSearch());
  return { place: at, turn: useTurn(), window: windowOf(at) };
}

function Nodes({ id, at }: Props) {
  const w = useTexts(words);
  const { place, turn, window } = usePlace();
  const order = { orderBy: 'since', orderDirection: 'asc' } as const;
  const query = useAsk(
    machinesQuery,
    { where: { company: id }, at, ...order, ...window },
    { keepPrevious: true },
  );
  return (
    <ConnectionTable
      label={w('nodes')}
      query={query}
      pick={(answer) => answer.machinesConnection}
      columns={useMachineColumns('company', at !== null)}
      rowKey={(row) => row.id}
      at={place}
      turn={turn}
    />
  );
}

function Vehicles({ id, at }: Props) {
  const w = useTexts(words);
  const { place, turn, window } = usePlace();
  const order = { orderBy: 'vehicle', orderDirection: 'asc' } as const;
  const query = useAsk(
    vehiclesQuery,
    { where: { owner: id }, at, ...order, ...window },
    { keepPrevious: true },
  );
  return (
    <ConnectionTable
      label={w('vehicles')}
      query={query}
      pick={(answer) => answer.vehiclesConnection}
      columns={useVehicleColumns('company')}
      rowKey={(row) => row.id}
      at={place}
      turn={turn}
    />
  );
}

function Drivers({ id, at }: Props) {
  const w = useTexts(words);
  const { place, turn, window } = usePlace();
  const query = useAsk(driversQuery, { where: { company: id }, at, ...window }, { keepPrevious: true });
  return (
    <ConnectionTable
      label={w('drivers')}
      query={query}
      pick={(answer) => answer.seatsConnection}
      columns={useSeatColumns('company')}
      rowKey={(row) => row.id}
      at={place}
      turn={turn}
    />
  );
}

function Tariffs({ id, at }: Props) {
  const w = useTexts(words);
  const { place, turn, window } = usePlace();
  const where = { company: id, or: [{ removed: true }, { removed: false }] };
  const query = useAsk(tariffsQuery, { where, at, ...window }, { keepPrevious: true });
  return (
    <ConnectionTable
      label={w('tariffs')}
      query={query}
      pick={(answer) => answer.tariffsConnection}
      columns={useTariffColumns()}
      rowKey={(row) => row.id}
      at={place}
      turn={turn}
    />
  );
}

function Batches({ id, at }: Props) {
  const w = useTexts(words);
  const { place, turn, window } = usePlace();
  const order = { orderBy: 'time', orderDirection: 'desc' } as const;
  const query = useAsk(
    batchesQuery,
    { where: { company: id }, at, ...order, ...window },
    { keepPrevious: true },
  );
  return (
    <ConnectionTable
      label={w('batches')}
      query={query}
      pick={(answer) => answer.batchesConnection}
      columns={useBatchColumns()}
      rowKey={(row) => row.id}
      at={place}
      turn={turn}
    />
  );
}

function Anchors({ id, at }: Props) {
  const w = useTexts(words);
  const { place, turn, window } = usePlace();
  const order = { orderBy: 'time', orderDirection: 'desc' } as const;
  const query = useAsk(
    anchorsQuery,
    { where: { company: id }, at, ...order, ...window },
    { keepPrevious: true },
  );
  return (
    <ConnectionTable
      label={w('anchors')}
      query={query}
      pick={(answer) => answer.anchorsConnection}
      columns={useAnchorColumns()}
      rowKey={(row) => row.id}
      at={place}
      turn={turn}
    />
  );
}

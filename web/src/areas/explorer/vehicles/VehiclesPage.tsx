import { getRouteApi } from '@tanstack/react-router';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { Choice, Filters, Typed } from '../../../ui/Filters';
import { useStateWord } from '../detail/State';
import type { VehicleFilter } from '../graphql/graphql';
import { CompanyChoice } from '../list/CompanyChoice';
import { ConnectionTable } from '../list/ConnectionTable';
import { ListPage } from '../list/ListPage';
import { pageAt, windowOf } from '../list/paging';
import { useChange, useTurn } from '../list/useTurn';
import { texts as words } from '../texts';
import { useVehicleColumns } from './columns';
import { vehiclesQuery } from './queries';
import { texts } from './texts';

const route = getRouteApi('/explorer/vehicles');

const statuses = ['InService', 'OutOfService', 'Scrapped'] as const;

export function VehiclesPage() {
  const t = useTexts(texts);
  const w = useTexts(words);
  const word = useStateWord();
  const search = route.useSearch();
  const at = pageAt(search);
  const change = useChange();
  const { company, status, plate } = search;
  const where: VehicleFilter = {
    ...(company === undefined ? {} : { owner: company }),
    ...(status === undefined ? {} : { status }),
    ...(plate === undefined
      ? {}
      : { or: [{ plate_contains_nocase: plate }, { vin_contains_nocase: plate }] }),
  };
  const order = { orderBy: 'vehicle', orderDirection: 'asc' } as const;
  const query = useAsk(vehiclesQuery, { where, ...order, ...windowOf(at) }, { keepPrevious: true });
  return (
    <ListPage
      title={t('title')}
      lead={t('lead')}
      filters={
        <Filters>
          <Typed
            label={`${t('plate')} / ${t('vin')}`}
            value={plate}
            choose={(text) => change({ plate: text })}
          />
          <CompanyChoice value={company} choose={(id) => change({ company: id })} />
          <Choice
            label={w('status')}
            value={status}
            choose={(of) => change({ status: of })}
            options={statuses.map((value) => ({ value, label: word('vehicle', value) }))}
          />
        </Filters>
      }
    >
      <ConnectionTable
        label={t('title')}
        query={query}
        pick={(answer) => answer.vehiclesConnection}
        columns={useVehicleColumns('all')}
        rowKey={(row) => row.id}
        at={at}
        turn={useTurn()}
        isFiltered={Object.keys(where).length > 0}
      />
    </ListPage>
  );
}

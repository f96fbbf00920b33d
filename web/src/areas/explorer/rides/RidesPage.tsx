import { getRouteApi } from '@tanstack/react-router';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { Choice, Filters, Typed } from '../../../ui/Filters';
import type { RideFilter } from '../graphql/graphql';
import { CompanyChoice } from '../list/CompanyChoice';
import { ConnectionTable } from '../list/ConnectionTable';
import { ListPage } from '../list/ListPage';
import { pageAt, windowOf } from '../list/paging';
import { useChange, useTurn } from '../list/useTurn';
import { useRideColumns } from './columns';
import { ridesQuery } from './queries';
import { texts } from './texts';

const route = getRouteApi('/explorer/rides');

export function RidesPage() {
  const t = useTexts(texts);
  const search = route.useSearch();
  const at = pageAt(search);
  const change = useChange();
  const { company, kind, order } = search;
  // What is no order number finds nothing: there is no order 0.
  const wanted = order === undefined ? {} : { order: /^\d{1,20}$/.test(order) ? order : '0' };
  const where: RideFilter = {
    ...(company === undefined ? {} : { company }),
    ...(kind === undefined ? {} : { kind }),
    ...wanted,
  };
  const query = useAsk(
    ridesQuery,
    { where, orderBy: 'time', orderDirection: 'desc', ...windowOf(at) },
    { keepPrevious: true },
  );
  return (
    <ListPage
      title={t('title')}
      lead={t('lead')}
      filters={
        <Filters>
          <Typed label={t('order')} value={order} choose={(text) => change({ order: text })} />
          <CompanyChoice value={company} choose={(id) => change({ company: id })} />
          <Choice
            label={t('kind')}
            value={kind}
            choose={(of) => change({ kind: of })}
            options={[
              { value: 'Trip', label: t('trip') },
              { value: 'Cancelled', label: t('cancelled') },
            ]}
          />
        </Filters>
      }
    >
      <ConnectionTable
        label={t('title')}
        query={query}
        pick={(answer) => answer.ridesConnection}
        columns={useRideColumns('all')}
        rowKey={(row) => row.id}
        at={at}
        turn={useTurn()}
        isFiltered={Object.keys(where).length > 0}
      />
    </ListPage>
  );
}

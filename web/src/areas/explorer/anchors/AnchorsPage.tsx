import { getRouteApi } from '@tanstack/react-router';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { Filters } from '../../../ui/Filters';
import { CompanyChoice } from '../list/CompanyChoice';
import { ConnectionTable } from '../list/ConnectionTable';
import { ListPage } from '../list/ListPage';
import { pageAt, windowOf } from '../list/paging';
import { useChange, useTurn } from '../list/useTurn';
import { useAnchorColumns } from './columns';
import { anchorsQuery } from './queries';
import { texts } from './texts';

const route = getRouteApi('/explorer/anchors');

export function AnchorsPage() {
  const t = useTexts(texts);
  const search = route.useSearch();
  const at = pageAt(search);
  const change = useChange();
  const { company } = search;
  const where = company === undefined ? {} : { company };
  const order = { orderBy: 'time', orderDirection: 'desc' } as const;
  const query = useAsk(anchorsQuery, { where, ...order, ...windowOf(at) }, { keepPrevious: true });
  return (
    <ListPage
      title={t('title')}
      lead={t('lead')}
      filters={
        <Filters>
          <CompanyChoice value={company} choose={(id) => change({ company: id })} />
        </Filters>
      }
    >
      <ConnectionTable
        label={t('title')}
        query={query}
        pick={(answer) => answer.anchorsConnection}
        columns={useAnchorColumns()}
        rowKey={(row) => row.id}
        at={at}
        turn={useTurn()}
        isFiltered={company !== undefined}
      />
    </ListPage>
  );
}

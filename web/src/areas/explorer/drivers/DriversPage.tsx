import { getRouteApi } from '@tanstack/react-router';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { Choice, Filters } from '../../../ui/Filters';
import { useStateWord } from '../detail/State';
import { CompanyChoice } from '../list/CompanyChoice';
import { ConnectionTable } from '../list/ConnectionTable';
import { ListPage } from '../list/ListPage';
import { pageAt, windowOf } from '../list/paging';
import { useChange, useTurn } from '../list/useTurn';
import { texts as words } from '../texts';
import { useSeatColumns } from './columns';
import { driversQuery } from './queries';
import { texts } from './texts';

const route = getRouteApi('/explorer/drivers');

const statuses = ['Active', 'Suspended', 'Left'] as const;

export function DriversPage() {
  const t = useTexts(texts);
  const w = useTexts(words);
  const word = useStateWord();
  const search = route.useSearch();
  const at = pageAt(search);
  const change = useChange();
  const { company, status } = search;
  const where = {
    ...(company === undefined ? {} : { company }),
    ...(status === undefined ? {} : { status }),
  };
  const query = useAsk(driversQuery, { where, ...windowOf(at) }, { keepPrevious: true });
  return (
    <ListPage
      title={t('title')}
      lead={t('lead')}
      filters={
        <Filters>
          <CompanyChoice value={company} choose={(id) => change({ company: id })} />
          <Choice
            label={w('status')}
            value={status}
            choose={(of) => change({ status: of })}
            options={statuses.map((value) => ({ value, label: word('driver', value) }))}
          />
        </Filters>
      }
    >
      <ConnectionTable
        label={t('title')}
        query={query}
        pick={(answer) => answer.seatsConnection}
        columns={useSeatColumns('all')}
        rowKey={(row) => row.id}
        at={at}
        turn={useTurn()}
        isFiltered={Object.keys(where).length > 0}
      />
    </ListPage>
  );
}

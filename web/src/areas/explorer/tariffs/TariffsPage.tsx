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
import { useTariffColumns } from './columns';
import { tariffsQuery } from './queries';
import { texts } from './texts';

const route = getRouteApi('/explorer/tariffs');

const states = ['proposed', 'approved', 'rejected', 'retired'] as const;

export function TariffsPage() {
  const t = useTexts(texts);
  const word = useStateWord();
  const search = route.useSearch();
  const at = pageAt(search);
  const change = useChange();
  const { company, state } = search;
  // Retired versions are gone for the index, and stay worth reading.
  const where = {
    or: [{ removed: true }, { removed: false }],
    ...(company === undefined ? {} : { company }),
    ...(state === undefined ? {} : { state }),
  };
  const query = useAsk(tariffsQuery, { where, ...windowOf(at) }, { keepPrevious: true });
  return (
    <ListPage
      title={t('title')}
      lead={t('lead')}
      filters={
        <Filters>
          <CompanyChoice value={company} choose={(id) => change({ company: id })} />
          <Choice
            label={t('state')}
            value={state}
            choose={(of) => change({ state: of })}
            options={states.map((value) => ({ value, label: word('tariff', value) }))}
          />
        </Filters>
      }
    >
      <ConnectionTable
        label={t('title')}
        query={query}
        pick={(answer) => answer.tariffsConnection}
        columns={useTariffColumns()}
        rowKey={(row) => row.id}
        at={at}
        turn={useTurn()}
        isFiltered={company !== undefined || state !== undefined}
      />
    </ListPage>
  );
}

import { getRouteApi } from '@tanstack/react-router';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { Choice, Filters, Typed } from '../../../ui/Filters';
import { useWord } from '../detail/State';
import { CompanyChoice } from '../list/CompanyChoice';
import { ConnectionTable } from '../list/ConnectionTable';
import { ListPage } from '../list/ListPage';
import { pageAt, windowOf } from '../list/paging';
import { useChange, useTurn } from '../list/useTurn';
import { useNodeAnswer } from '../node/useNode';
import { texts as words } from '../texts';
import { useMachineColumns } from './columns';
import { filterOf } from './machine';
import { machinesQuery } from './queries';
import { texts } from './texts';

const route = getRouteApi('/explorer/nodes');

const kinds = ['Validator', 'Full', 'Reader'] as const;
const states = ['registered', 'removed'] as const;

/** The machines of the network. */
export function NodesPage() {
  const t = useTexts(texts);
  const w = useTexts(words);
  const word = useWord();
  const search = route.useSearch();
  const at = pageAt(search);
  const change = useChange();
  const { node, company } = search;
  const kind = kinds.find((known) => known === search.kind);
  const state = states.find((known) => known === search.state);
  const where = filterOf({ node, company, kind, state });
  const query = useAsk(machinesQuery, { where, ...windowOf(at) }, { keepPrevious: true });
  return (
    <ListPage
      title={w('nodes')}
      lead={t('lead')}
      filters={
        <>
          <Closed />
          <Filters>
            <Typed label={t('search')} value={node} choose={(text) => change({ node: text })} width={280} />
            <CompanyChoice value={company} choose={(id) => change({ company: id })} />
            <Choice
              label={t('kind')}
              value={kind}
              choose={(of) => change({ kind: of })}
              options={kinds.map((value) => ({ value, label: word('NodeKind', value) }))}
            />
            <Choice
              label={w('status')}
              value={state}
              choose={(of) => change({ state: of })}
              options={states.map((value) => ({ value, label: t(value) }))}
            />
          </Filters>
        </>
      }
    >
      <ConnectionTable
        label={w('nodes')}
        query={query}
        pick={(answer) => answer.machinesConnection}
        columns={useMachineColumns('all')}
        rowKey={(row) => row.id}
        at={at}
        turn={useTurn()}
        isFiltered={[node, company, kind, state].some((chosen) => chosen !== undefined)}
        empty={t('none')}
      />
    </ListPage>
  );
}

/** Whether strangers are kept out, as the node says. */
function Closed() {
  const t = useTexts(texts);
  const { data } = useNodeAnswer(['permissioned'], async (chain) => {
    const isClosed = await chain.read('Nodes', 'Permissioned');
    return isClosed === true;
  });
  if (data === undefined) return null;
  return <p className="x-quiet x-none">{t(data ? 'closed' : 'open')}</p>;
}

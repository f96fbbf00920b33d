import { getRouteApi } from '@tanstack/react-router';
import { Button } from 'antd';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { applyPath } from '../../../route/paths';
import { Choice, Filters } from '../../../ui/Filters';
import { PathLink } from '../../../ui/links';
import { State, useStateWord, Word } from '../detail/State';
import { AccountLink, ApplicationLink, CompanyLink, When } from '../detail/values';
import type { ApplicationsQuery } from '../graphql/graphql';
import { type Column, ConnectionTable } from '../list/ConnectionTable';
import { ListPage } from '../list/ListPage';
import { pageAt, windowOf } from '../list/paging';
import { useChange, useTurn } from '../list/useTurn';
import { texts as words } from '../texts';
import { attestedOf } from './papers';
import { applicationsQuery } from './queries';
import { TreasuryTag } from './TreasuryTag';
import { texts } from './texts';

type Row = ApplicationsQuery['applicationsConnection']['nodes'][number];

const route = getRouteApi('/explorer/applications');

const states = ['open', 'admitted', 'closed'] as const;

/** Who wants, or wanted, to join the consortium. */
export function ApplicationsPage() {
  const t = useTexts(texts);
  const w = useTexts(words);
  const f = useFormat();
  const word = useStateWord();
  const change = useChange();
  const search = route.useSearch();
  const at = pageAt(search);
  const state = states.find((known) => known === search.state);
  // What is closed is gone for the chain, and stays worth reading.
  const where = {
    or: [{ removed: true }, { removed: false }],
    ...(state === undefined ? {} : { state }),
  };
  const query = useAsk(applicationsQuery, { where, ...windowOf(at) }, { keepPrevious: true });
  const columns: readonly Column<Row>[] = [
    {
      key: 'name',
      title: w('application'),
      render: (_, row) => <ApplicationLink id={row.id} name={row.name} />,
    },
    { key: 'kind', title: t('kind'), render: (_, row) => <Word of="CompanyKind" is={row.kind} /> },
    { key: 'state', title: w('status'), render: (_, row) => <State kind="application" of={row.state} /> },
    {
      key: 'papers',
      title: t('attestedTitle'),
      align: 'right',
      render: (_, { papers }) => (
        <span className="numbers">
          {f.count(attestedOf(papers))} / {f.count(papers.length)}
        </span>
      ),
    },
    {
      key: 'treasury',
      title: t('treasuryWord'),
      render: (_, row) => <TreasuryTag accepted={row.treasuryAccepted} />,
      responsive: ['sm'],
    },
    {
      key: 'applied',
      title: t('applied'),
      render: (_, row) => <When at={row.applied} />,
      responsive: ['sm'],
    },
    {
      key: 'applicant',
      title: t('applicant'),
      render: (_, row) => <AccountLink account={row.applicant} />,
      responsive: ['lg'],
    },
    {
      key: 'company',
      title: t('became'),
      render: (_, row) => <CompanyLink id={row.companyId} />,
      responsive: ['lg'],
    },
  ];
  return (
    <ListPage
      title={w('applications')}
      lead={t('lead')}
      extra={
        <PathLink to={applyPath}>
          <Button tabIndex={-1}>{t('apply')}</Button>
        </PathLink>
      }
      filters={
        <Filters>
          <Choice
            label={w('status')}
            value={state}
            choose={(of) => change({ state: of })}
            options={states.map((value) => ({ value, label: word('application', value) }))}
          />
        </Filters>
      }
    >
      <ConnectionTable
        label={w('applications')}
        query={query}
        pick={(answer) => answer.applicationsConnection}
        columns={columns}
        rowKey={(row) => row.id}
        at={at}
        turn={useTurn()}
        isFiltered={state !== undefined}
        empty={t('none')}
      />
    </ListPage>
  );
}

import { getRouteApi } from '@tanstack/react-router';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { MemberUntil, StandingTag } from '../../../ui/Standing';
import { Word } from '../detail/State';
import { AccountLink, CompanyLink, Count, Money } from '../detail/values';
import type { CompaniesQuery } from '../graphql/graphql';
import { type Column, ConnectionTable } from '../list/ConnectionTable';
import { ListPage } from '../list/ListPage';
import { pageAt, windowOf } from '../list/paging';
import { useTurn } from '../list/useTurn';
import { texts as words } from '../texts';
import { companiesQuery } from './queries';
import { texts } from './texts';

type Row = CompaniesQuery['companiesConnection']['nodes'][number];

const route = getRouteApi('/explorer/companies');

export function CompaniesPage() {
  const t = useTexts(texts);
  const w = useTexts(words);
  const at = pageAt(route.useSearch());
  const query = useAsk(companiesQuery, windowOf(at), { keepPrevious: true });
  const vehicles = new Map(query.data?.vehicles.map((part) => [String(part.ownerId), part.count]));
  const batches = new Map(query.data?.batches.map((part) => [String(part.companyId), part]));
  const columns: readonly Column<Row>[] = [
    { key: 'company', title: w('company'), render: (_, row) => <CompanyLink id={row.id} /> },
    { key: 'kind', title: t('kind'), render: (_, row) => <Word of="CompanyKind" is={row.kind} /> },
    {
      key: 'status',
      title: w('status'),
      render: (_, row) => <StandingTag of={row} />,
      responsive: ['sm'],
    },
    {
      key: 'vehicles',
      title: w('vehicles'),
      align: 'right',
      render: (_, row) => <Count of={vehicles.get(row.id) ?? 0} />,
    },
    {
      key: 'rides',
      title: w('rides'),
      align: 'right',
      render: (_, row) => <Count of={batches.get(row.id)?.sum.rideCount ?? 0} />,
    },
    {
      key: 'gross',
      title: t('settled'),
      align: 'right',
      render: (_, row) => <Money units={batches.get(row.id)?.sum.gross ?? '0'} />,
      responsive: ['sm'],
    },
    {
      key: 'until',
      title: t('until'),
      render: (_, row) => <MemberUntil until={row.until} />,
      responsive: ['xl'],
    },
    {
      key: 'seat',
      title: t('seat'),
      render: (_, row) => <AccountLink account={row.seat} />,
      responsive: ['lg'],
    },
    {
      key: 'treasury',
      title: t('treasury'),
      render: (_, row) => <AccountLink account={row.treasury} />,
      responsive: ['lg'],
    },
  ];
  return (
    <ListPage title={t('title')} lead={t('lead')}>
      <ConnectionTable
        label={t('title')}
        query={query}
        pick={(answer) => answer.companiesConnection}
        columns={columns}
        rowKey={(row) => row.id}
        at={at}
        turn={useTurn()}
      />
    </ListPage>
  );
}

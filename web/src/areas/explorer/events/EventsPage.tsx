import { getRouteApi } from '@tanstack/react-router';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { Choice, Filters } from '../../../ui/Filters';
import { Fields } from '../detail/Decoded';
import { BlockLink, EventLink, ExtrinsicLink, Named, Nothing, When } from '../detail/values';
import type { EventFilter, EventsQuery } from '../graphql/graphql';
import { type Column, ConnectionTable } from '../list/ConnectionTable';
import { ListPage } from '../list/ListPage';
import { pageAt, windowOf } from '../list/paging';
import { useChange, useTurn } from '../list/useTurn';
import { texts as words } from '../texts';
import { fieldsOf } from '../values/shown';
import { eventsQuery, happenedQuery } from './queries';
import { texts } from './texts';

type Row = EventsQuery['eventsConnection']['nodes'][number];

const route = getRouteApi('/explorer/events');

export function EventsPage() {
  const t = useTexts(texts);
  const w = useTexts(words);
  const search = route.useSearch();
  const at = pageAt(search);
  const change = useChange();
  const happened = useAsk(happenedQuery, {}, { staleTime: 60_000 });
  const [pallet, name] = search.event?.split('.') ?? [];
  const where: EventFilter = pallet === undefined || name === undefined ? {} : { pallet, name };
  const query = useAsk(eventsQuery, { where, ...windowOf(at) }, { keepPrevious: true });
  const columns: readonly Column<Row>[] = [
    { key: 'id', title: w('event'), render: (_, row) => <EventLink id={row.id} /> },
    { key: 'name', title: t('byEvent'), render: (_, row) => <Named pallet={row.pallet} name={row.name} /> },
    { key: 'time', title: w('time'), render: (_, row) => <When at={row.time} />, responsive: ['sm'] },
    {
      key: 'extrinsic',
      title: w('extrinsic'),
      render: (_, row) =>
        row.extrinsicPlace === null ? (
          <Nothing />
        ) : (
          <ExtrinsicLink id={`${row.blockNumber}-${row.extrinsicPlace}`} />
        ),
      responsive: ['sm'],
    },
    {
      key: 'block',
      title: w('block'),
      align: 'right',
      render: (_, row) => <BlockLink number={row.blockNumber} />,
      responsive: ['lg'],
    },
    {
      key: 'fields',
      title: w('decoded'),
      responsive: ['md'],
      render: (_, row) => (
        // One long value makes no wider column.
        <div style={{ maxWidth: 520, whiteSpace: 'normal' }}>
          <Fields
            of={fieldsOf(row.fields, { pallet: row.pallet, accounts: new Set(row.accounts) })}
            open={false}
            isTight
          />
        </div>
      ),
    },
  ];
  return (
    <ListPage
      title={t('title')}
      lead={t('lead')}
      filters={
        <Filters>
          <Choice
            label={t('byEvent')}
            value={search.event}
            width={300}
            isLoading={happened.isPending}
            choose={(event) => change({ event })}
            options={(happened.data?.eventsAggregate ?? []).flatMap(({ pallet: of, name: called, count }) =>
              of === null || called === null
                ? []
                : [{ value: `${of}.${called}`, label: `${of}.${called} (${count})` }],
            )}
          />
        </Filters>
      }
    >
      <ConnectionTable
        label={t('title')}
        query={query}
        pick={(answer) => answer.eventsConnection}
        columns={columns}
        rowKey={(row) => row.id}
        at={at}
        turn={useTurn()}
        isFiltered={search.event !== undefined}
      />
    </ListPage>
  );
}

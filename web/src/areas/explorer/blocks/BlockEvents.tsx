import { getRouteApi } from '@tanstack/react-router';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { Fields } from '../detail/Decoded';
import { EventLink, ExtrinsicLink, Named } from '../detail/values';
import type { BlockEventsQuery } from '../graphql/graphql';
import { type Column, ConnectionTable } from '../list/ConnectionTable';
import { pageAt, windowOf } from '../list/paging';
import { useTurn } from '../list/useTurn';
import { texts as words } from '../texts';
import { fieldsOf } from '../values/shown';
import { blockEventsQuery } from './queries';
import { texts } from './texts';

type Row = BlockEventsQuery['eventsConnection']['nodes'][number];

const route = getRouteApi('/explorer/blocks/$block');

/** What happened in a block, in its order. */
export function BlockEvents({ number }: { number: number }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const at = pageAt(route.useSearch());
  const query = useAsk(blockEventsQuery, { number, ...windowOf(at) }, { keepPrevious: true });
  const during = (row: Row) => {
    if (row.extrinsicPlace === null) return t(row.phase === 0 ? 'phaseInitialization' : 'phaseFinalization');
    return (
      <ExtrinsicLink id={`${number}-${row.extrinsicPlace}`}>
        {t('inExtrinsic', { place: row.extrinsicPlace })}
      </ExtrinsicLink>
    );
  };
  const columns: readonly Column<Row>[] = [
    { key: 'event', title: w('event'), render: (_, row) => <EventLink id={row.id} /> },
    { key: 'name', title: t('happened'), render: (_, row) => <Named pallet={row.pallet} name={row.name} /> },
    { key: 'during', title: t('phase'), render: (_, row) => during(row), responsive: ['sm'] },
    {
      key: 'fields',
      title: w('decoded'),
      render: (_, row) => (
        <Fields
          of={fieldsOf(row.fields, { pallet: row.pallet, accounts: new Set(row.accounts) })}
          open={false}
          isTight
        />
      ),
      responsive: ['md'],
    },
  ];
  return (
    <ConnectionTable
      label={w('events')}
      query={query}
      pick={(answer) => answer.eventsConnection}
      columns={columns}
      rowKey={(row) => row.id}
      at={at}
      turn={useTurn()}
    />
  );
}

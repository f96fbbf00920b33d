import { getRouteApi } from '@tanstack/react-router';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { BlockLink, Count, Hash, When } from '../detail/values';
import type { BlocksQuery } from '../graphql/graphql';
import { type Column, ConnectionTable } from '../list/ConnectionTable';
import { ListPage } from '../list/ListPage';
import { pageAt, windowOf } from '../list/paging';
import { useTurn } from '../list/useTurn';
import { texts as words } from '../texts';
import { blocksQuery } from './queries';
import { texts } from './texts';

type Row = BlocksQuery['blocksConnection']['nodes'][number];

const route = getRouteApi('/explorer/blocks');

export function BlocksPage() {
  const t = useTexts(texts);
  const w = useTexts(words);
  const at = pageAt(route.useSearch());
  const isFirst = at.after === undefined && at.before === undefined && at.end === undefined;
  const query = useAsk(blocksQuery, windowOf(at), {
    keepPrevious: true,
    refetchInterval: isFirst ? 4_000 : false,
  });
  const columns: readonly Column<Row>[] = [
    { key: 'block', title: w('block'), render: (_, row) => <BlockLink number={row.number} /> },
    { key: 'time', title: w('time'), render: (_, row) => <When at={row.time} /> },
    {
      key: 'extrinsics',
      title: w('extrinsics'),
      align: 'right',
      render: (_, row) => <Count of={row.extrinsicCount} />,
    },
    { key: 'events', title: w('events'), align: 'right', render: (_, row) => <Count of={row.eventCount} /> },
    { key: 'hash', title: w('hash'), render: (_, row) => <Hash of={row.hash} />, responsive: ['sm'] },
    {
      key: 'producer',
      title: t('producer'),
      align: 'right',
      render: (_, row) => <Count of={row.authority} />,
      responsive: ['md'],
    },
    {
      key: 'bytes',
      title: t('bytes'),
      align: 'right',
      render: (_, row) => <Count of={row.bytes} />,
      responsive: ['md'],
    },
    { key: 'spec', title: t('spec'), align: 'right', render: (_, row) => row.spec, responsive: ['lg'] },
  ];
  return (
    <ListPage title={t('title')} lead={t('lead')}>
      <ConnectionTable
        label={t('title')}
        query={query}
        pick={(answer) => answer.blocksConnection}
        columns={columns}
        rowKey={(row) => row.hash}
        at={at}
        turn={useTurn()}
      />
    </ListPage>
  );
}

import { getRouteApi, Link } from '@tanstack/react-router';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { BlockLink, Hash, When } from '../detail/values';
import type { CheckpointsQuery } from '../graphql/graphql';
import { type Column, ConnectionTable } from '../list/ConnectionTable';
import { ListPage } from '../list/ListPage';
import { pageAt, windowOf } from '../list/paging';
import { useTurn } from '../list/useTurn';
import { texts as words } from '../texts';
import { checkpointsQuery } from './queries';
import { texts } from './texts';

type Row = CheckpointsQuery['checkpointsConnection']['nodes'][number];

const route = getRouteApi('/explorer/checkpoints');

export function CheckpointsPage() {
  const t = useTexts(texts);
  const w = useTexts(words);
  const at = pageAt(route.useSearch());
  const query = useAsk(checkpointsQuery, windowOf(at), { keepPrevious: true });
  const columns: readonly Column<Row>[] = [
    { key: 'block', title: w('block'), render: (_, row) => <BlockLink number={row.blockNumber} /> },
    { key: 'time', title: w('time'), render: (_, row) => <When at={row.time} /> },
    { key: 'root', title: t('root'), render: (_, row) => <Hash of={row.root} /> },
    {
      key: 'contents',
      title: t('contents'),
      render: (_, row) => (
        <Link
          to="/explorer/blocks/$block"
          params={{ block: String(row.blockNumber) }}
          search={{ tab: 'proves' }}
        >
          {t('see')}
        </Link>
      ),
      responsive: ['sm'],
    },
  ];
  return (
    <ListPage title={t('title')} lead={t('lead')}>
      <ConnectionTable
        label={t('title')}
        query={query}
        pick={(answer) => answer.checkpointsConnection}
        columns={columns}
        rowKey={(row) => row.id}
        at={at}
        turn={useTurn()}
      />
    </ListPage>
  );
}

import { Table } from 'antd';
import type { ReactNode } from 'react';
import { useFinalisedBlock } from '../chain/hooks';
import { type Announcement, type Keys, ripeAt } from '../chain/proxies';
import { useFormat } from '../format/useFormat';
import { useTexts } from '../i18n/useTexts';
import { Empty } from '../ui/answers';
import { AccountName, BlockLink, Hash } from '../ui/links';
import { keyTexts } from './texts';

/** Milliseconds from one block to the next. */
const BLOCK_MS = 2_000;

/** What keys have announced to do for an account, and when they may. */
export function AnnouncedTable(props: {
  of: Keys;
  /** What can be done about one. Missing: nothing can. */
  action?: (announced: Announcement) => ReactNode;
}) {
  const t = useTexts(keyTexts);
  const { of, action } = props;
  return (
    <Table<Announcement>
      size="small"
      aria-label={t('announced')}
      rowKey={(row) => `${row.delegate} ${row.hash} ${row.height}`}
      pagination={false}
      scroll={{ x: 'max-content' }}
      dataSource={[...of.announced]}
      locale={{ emptyText: <Empty text={t('noAnnounced')} /> }}
      columns={[
        { title: t('key'), render: (_, { delegate }) => <AccountName account={delegate} copy /> },
        { title: t('hash'), render: (_, { hash }) => <Hash value={hash} /> },
        { title: t('since'), align: 'right', render: (_, { height }) => <BlockLink number={height} /> },
        { title: t('from'), render: (_, row) => <From ripe={ripeAt(row, of.proxies)} /> },
        ...(action === undefined
          ? []
          : [
              {
                key: 'action',
                align: 'right' as const,
                render: (_: unknown, row: Announcement) => action(row),
              },
            ]),
      ]}
    />
  );
}

function From({ ripe }: { ripe: number | undefined }) {
  const t = useTexts(keyTexts);
  const f = useFormat();
  const head = useFinalisedBlock();
  if (ripe === undefined) return t('gone');
  if (head === undefined) return '…';
  const left = ripe - head.number;
  return left <= 0 ? t('now') : t('fromBlock', { block: f.count(ripe), time: f.duration(left * BLOCK_MS) });
}

import { Table } from 'antd';
import { useTexts } from '../../../i18n/useTexts';
import { AccountLink, BlockLink, Money } from '../detail/values';
import type { MoneyQuery } from '../graphql/graphql';
import { texts as words } from '../texts';
import { texts } from './texts';

/** The accounts with the most free money. */
export function Largest({ of }: { of: MoneyQuery['largest'] }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  return (
    <Table
      size="small"
      aria-label={t('largest')}
      rowKey="id"
      pagination={false}
      scroll={{ x: 'max-content' }}
      dataSource={of}
      columns={[
        { title: w('account'), render: (_, row) => <AccountLink account={row.account} /> },
        { title: t('free'), align: 'right', render: (_, row) => <Money units={row.free} /> },
        {
          title: t('held'),
          align: 'right',
          render: (_, row) => <Money units={row.held} />,
          responsive: ['sm'],
        },
        {
          title: w('since'),
          align: 'right',
          render: (_, row) => <BlockLink number={row.blockNumber} />,
          responsive: ['md'],
        },
      ]}
    />
  );
}

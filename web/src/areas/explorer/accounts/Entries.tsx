import { micro } from '../../../format/money';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { AccountLink, BlockLink, ExtrinsicLink, Money, Nothing, When } from '../detail/values';
import type { EntriesQuery } from '../graphql/graphql';
import { type Column, ConnectionTable } from '../list/ConnectionTable';
import { texts as words } from '../texts';
import { entriesQuery } from './queries';
import { texts } from './texts';
import { usePlace } from './usePlace';

type Row = EntriesQuery['entriesConnection']['nodes'][number];

/** What came in and what went out, entry by entry: together they are the balance. */
export function Entries({ account }: { account: string }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const f = useFormat();
  const { at, window, turn } = usePlace();
  const query = useAsk(entriesQuery, { account, ...window }, { keepPrevious: true });
  const amount = (row: Row) => {
    if (row.amount === null)
      return row.setTo === null ? <Nothing /> : t('setTo', { amount: f.money(micro(row.setTo)) });
    return <Money units={row.direction === 'Out' ? -BigInt(row.amount) : row.amount} plus />;
  };
  const columns: readonly Column<Row>[] = [
    { key: 'time', title: w('time'), render: (_, row) => <When at={row.time} /> },
    { key: 'amount', title: w('amount'), align: 'right', render: (_, row) => amount(row) },
    { key: 'with', title: t('counterparty'), render: (_, row) => <AccountLink account={row.counterparty} /> },
    { key: 'kind', title: t('kind'), dataIndex: 'kind', responsive: ['sm'] },
    {
      key: 'part',
      title: t('part'),
      render: (_, row) => (row.part === 'Free' || row.part === 'Held' ? t(row.part) : <Nothing />),
      responsive: ['md'],
    },
    {
      key: 'by',
      title: w('extrinsic'),
      render: (_, row) =>
        row.extrinsicPlace === null ? (
          <BlockLink number={row.blockNumber} />
        ) : (
          <ExtrinsicLink id={`${row.blockNumber}-${row.extrinsicPlace}`} />
        ),
      responsive: ['sm'],
    },
  ];
  return (
    <ConnectionTable
      label={t('ledger')}
      query={query}
      pick={(answer) => answer.entriesConnection}
      columns={columns}
      rowKey={(row) => row.id}
      at={at}
      turn={turn}
    />
  );
}

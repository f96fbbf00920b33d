import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { AccountLink, BlockLink, ExtrinsicLink, Money, When } from '../detail/values';
import type { TransferFilter, TransfersQuery } from '../graphql/graphql';
import { type Column, ConnectionTable } from '../list/ConnectionTable';
import { texts as words } from '../texts';
import { transfersQuery } from './queries';
import { texts } from './texts';
import { usePlace } from './usePlace';

type Row = TransfersQuery['transfersConnection']['nodes'][number];

/** Transfers; of one account, with a sign for what came and what went. */
export function Transfers({ where, of }: { where: TransferFilter; of?: string }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const { at, window, turn } = usePlace();
  const query = useAsk(transfersQuery, { where, ...window }, { keepPrevious: true });
  const signed = (row: Row) =>
    of !== undefined && row.from === of && row.amount !== null ? -BigInt(row.amount) : row.amount;
  const columns: readonly Column<Row>[] = [
    { key: 'time', title: w('time'), render: (_, row) => <When at={row.time} /> },
    { key: 'from', title: t('sender'), render: (_, row) => <AccountLink account={row.from} /> },
    { key: 'to', title: t('receiver'), render: (_, row) => <AccountLink account={row.to} /> },
    {
      key: 'amount',
      title: w('amount'),
      align: 'right',
      render: (_, row) => <Money units={signed(row)} plus={of !== undefined} />,
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
      label={t('transfers')}
      query={query}
      pick={(answer) => answer.transfersConnection}
      columns={columns}
      rowKey={(row) => row.id}
      at={at}
      turn={turn}
    />
  );
}

import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { AccountLink, BlockLink, CompanyLink, Count, ExtrinsicLink, Money, When } from '../detail/values';
import type { WithdrawalFilter, WithdrawalsQuery } from '../graphql/graphql';
import { type Column, ConnectionTable } from '../list/ConnectionTable';
import { texts as words } from '../texts';
import { withdrawalsQuery } from './queries';
import { texts } from './texts';
import { usePlace } from './usePlace';

type Row = WithdrawalsQuery['withdrawalsConnection']['nodes'][number];

/** What drivers took out of their seats. */
export function Withdrawals({ where }: { where: WithdrawalFilter }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const { at, window, turn } = usePlace();
  const query = useAsk(withdrawalsQuery, { where, ...window }, { keepPrevious: true });
  const columns: readonly Column<Row>[] = [
    { key: 'time', title: w('time'), render: (_, row) => <When at={row.time} /> },
    { key: 'company', title: w('company'), render: (_, row) => <CompanyLink id={row.companyId} /> },
    {
      key: 'seat',
      title: t('seat'),
      align: 'right',
      render: (_, row) => <Count of={row.seat} />,
      responsive: ['sm'],
    },
    { key: 'account', title: w('account'), render: (_, row) => <AccountLink account={row.account} /> },
    { key: 'amount', title: w('amount'), align: 'right', render: (_, row) => <Money units={row.amount} /> },
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
      label={t('withdrawals')}
      query={query}
      pick={(answer) => answer.withdrawalsConnection}
      columns={columns}
      rowKey={(row) => row.id}
      at={at}
      turn={turn}
    />
  );
}

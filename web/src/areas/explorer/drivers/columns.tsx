import { useTexts } from '../../../i18n/useTexts';
import { State } from '../detail/State';
import { AccountLink, BlockLink, CompanyLink, Count, DriverLink, Money } from '../detail/values';
import type { DriversQuery } from '../graphql/graphql';
import type { Column } from '../list/ConnectionTable';
import { texts as words } from '../texts';
import { texts } from './texts';

type Row = DriversQuery['seatsConnection']['nodes'][number];

/** The columns of a list of drivers' seats: of all, or of one company. */
export function useSeatColumns(of: 'all' | 'company'): readonly Column<Row>[] {
  const t = useTexts(texts);
  const w = useTexts(words);
  const columns: readonly (Column<Row> | null)[] = [
    { key: 'driver', title: w('driver'), render: (_, row) => <DriverLink id={row.driverId} /> },
    of === 'company'
      ? null
      : { key: 'company', title: w('company'), render: (_, row) => <CompanyLink id={row.companyId} /> },
    { key: 'status', title: w('status'), render: (_, row) => <State kind="driver" of={row.status} /> },
    {
      key: 'account',
      title: t('account'),
      render: (_, row) => <AccountLink account={row.account} />,
      responsive: ['sm'],
    },
    {
      key: 'seat',
      title: t('seat'),
      align: 'right',
      render: (_, row) => <Count of={row.seat} />,
      responsive: ['md'],
    },
    {
      key: 'withdrawn',
      title: t('withdrawn'),
      align: 'right',
      render: (_, row) => <Money units={row.withdrawn} />,
      responsive: ['sm'],
    },
    {
      key: 'since',
      title: w('since'),
      align: 'right',
      render: (_, row) => <BlockLink number={row.blockNumber} />,
      responsive: ['lg'],
    },
  ];
  return columns.filter((column) => column !== null);
}

import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { State } from '../detail/State';
import { BatchLink, CompanyLink, DriverLink, Money, RideLink, When } from '../detail/values';
import type { RidesQuery } from '../graphql/graphql';
import type { Column } from '../list/ConnectionTable';
import { texts as words } from '../texts';
import { texts } from './texts';

export type RideRow = RidesQuery['ridesConnection']['nodes'][number];

function paid({ fare, tolls }: RideRow): bigint | null {
  return fare === null || tolls === null ? null : BigInt(fare) + BigInt(tolls);
}

/** The columns of a list of rides, without what all of them have in common. */
export function useRideColumns(of: 'all' | 'batch' | 'driver'): readonly Column<RideRow>[] {
  const t = useTexts(texts);
  const w = useTexts(words);
  const f = useFormat();
  const columns: readonly (Column<RideRow> | null)[] = [
    { key: 'order', title: w('order'), render: (_, row) => <RideLink id={row.id} order={row.order} /> },
    of === 'batch'
      ? null
      : {
          key: 'company',
          title: w('company'),
          render: (_, row) => <CompanyLink id={row.companyId} />,
          responsive: ['sm'],
        },
    { key: 'paid', title: t('paid'), align: 'right', render: (_, row) => <Money units={paid(row)} /> },
    {
      key: 'driverShare',
      title: w('driversShare'),
      align: 'right',
      render: (_, row) => <Money units={row.driverShare} />,
      responsive: ['md'],
    },
    {
      key: 'kind',
      title: t('kind'),
      render: (_, row) => <State kind="ride" of={row.kind} />,
      responsive: ['sm'],
    },
    { key: 'pickup', title: t('pickup'), render: (_, row) => <When at={row.pickup} />, responsive: ['sm'] },
    {
      key: 'distance',
      title: t('distance'),
      align: 'right',
      render: (_, row) => (row.distanceM === null ? '—' : f.distance(row.distanceM)),
      responsive: ['md'],
    },
    of === 'driver'
      ? null
      : {
          key: 'driver',
          title: w('driver'),
          render: (_, row) => <DriverLink id={row.driverId} />,
          responsive: ['md'],
        },
    of === 'batch'
      ? null
      : {
          key: 'batch',
          title: w('batch'),
          render: (_, row) => <BatchLink id={row.batchId} />,
          responsive: ['lg'],
        },
  ];
  return columns.filter((column) => column !== null);
}

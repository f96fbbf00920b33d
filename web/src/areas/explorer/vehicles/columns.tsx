import { useTexts } from '../../../i18n/useTexts';
import { State, Word } from '../detail/State';
import { BlockLink, CompanyLink, VehicleLink } from '../detail/values';
import type { VehiclesQuery } from '../graphql/graphql';
import type { Column } from '../list/ConnectionTable';
import { texts as words } from '../texts';
import { texts } from './texts';

type Row = VehiclesQuery['vehiclesConnection']['nodes'][number];

/** The columns of a list of vehicles: of all, or of one company. */
export function useVehicleColumns(of: 'all' | 'company'): readonly Column<Row>[] {
  const t = useTexts(texts);
  const w = useTexts(words);
  const columns: readonly (Column<Row> | null)[] = [
    { key: 'plate', title: t('plate'), render: (_, row) => <VehicleLink id={row.id} plate={row.plate} /> },
    { key: 'status', title: w('status'), render: (_, row) => <State kind="vehicle" of={row.status} /> },
    of === 'company'
      ? null
      : { key: 'owner', title: t('owner'), render: (_, row) => <CompanyLink id={row.ownerId} /> },
    { key: 'model', title: t('model'), dataIndex: 'model', responsive: ['sm'] },
    {
      key: 'class',
      title: t('class'),
      render: (_, row) => <Word of="VehicleClass" is={row.class} />,
      responsive: ['md'],
    },
    {
      key: 'vin',
      title: t('vin'),
      render: (_, row) => <span className="code">{row.vin}</span>,
      responsive: ['md'],
    },
    {
      key: 'changed',
      title: t('changed'),
      align: 'right',
      render: (_, row) => <BlockLink number={row.blockNumber} />,
      responsive: ['lg'],
    },
  ];
  return columns.filter((column) => column !== null);
}

import { useTexts } from '../../../i18n/useTexts';
import { BatchLink, BlockLink, CompanyLink, Count, Money, When } from '../detail/values';
import type { BatchesQuery } from '../graphql/graphql';
import type { Column } from '../list/ConnectionTable';
import { texts as words } from '../texts';

type Row = BatchesQuery['batchesConnection']['nodes'][number];

/** The columns of a list of batches. */
export function useBatchColumns(): readonly Column<Row>[] {
  const w = useTexts(words);
  return [
    { key: 'batch', title: w('batch'), render: (_, row) => <BatchLink id={row.id} /> },
    { key: 'company', title: w('company'), render: (_, row) => <CompanyLink id={row.companyId} /> },
    { key: 'rides', title: w('rides'), align: 'right', render: (_, row) => <Count of={row.rideCount} /> },
    { key: 'gross', title: w('gross'), align: 'right', render: (_, row) => <Money units={row.gross} /> },
    {
      key: 'drivers',
      title: w('driversShare'),
      align: 'right',
      render: (_, row) => <Money units={row.drivers} />,
      responsive: ['md'],
    },
    {
      key: 'platform',
      title: w('platformShare'),
      align: 'right',
      render: (_, row) => <Money units={row.platform} />,
      responsive: ['md'],
    },
    {
      key: 'third',
      title: w('thirdPartyShare'),
      align: 'right',
      render: (_, row) => <Money units={row.thirdParties} />,
      responsive: ['lg'],
    },
    { key: 'time', title: w('time'), render: (_, row) => <When at={row.time} />, responsive: ['sm'] },
    {
      key: 'block',
      title: w('block'),
      align: 'right',
      render: (_, row) => <BlockLink number={row.blockNumber} />,
      responsive: ['lg'],
    },
  ];
}

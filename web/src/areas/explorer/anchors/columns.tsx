import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { AnchorLink, BlockLink, CompanyLink, Count, Hash, When } from '../detail/values';
import type { AnchorsQuery } from '../graphql/graphql';
import type { Column } from '../list/ConnectionTable';
import { texts as words } from '../texts';
import { texts } from './texts';

type Row = AnchorsQuery['anchorsConnection']['nodes'][number];

/** The last sequence of a batch. */
export function lastOf(first: string | null, count: number | null): bigint {
  return BigInt(first ?? '0') + BigInt(count ?? 0) - 1n;
}

/** The columns of a list of anchors. */
export function useAnchorColumns(): readonly Column<Row>[] {
  const t = useTexts(texts);
  const w = useTexts(words);
  const f = useFormat();
  return [
    { key: 'anchor', title: w('anchor'), render: (_, row) => <AnchorLink id={row.id} /> },
    { key: 'company', title: w('company'), render: (_, row) => <CompanyLink id={row.companyId} /> },
    { key: 'records', title: t('records'), align: 'right', render: (_, row) => <Count of={row.count} /> },
    {
      key: 'range',
      title: t('range'),
      render: (_, row) => (
        <span className="numbers">
          {f.count(row.firstSequence ?? '0')}–{f.count(lastOf(row.firstSequence, row.count))}
        </span>
      ),
      responsive: ['sm'],
    },
    { key: 'closed', title: t('closed'), render: (_, row) => <When at={row.closedAt} />, responsive: ['md'] },
    { key: 'time', title: t('anchored'), render: (_, row) => <When at={row.time} />, responsive: ['sm'] },
    {
      key: 'block',
      title: w('block'),
      align: 'right',
      render: (_, row) => <BlockLink number={row.blockNumber} />,
      responsive: ['md'],
    },
    { key: 'root', title: t('root'), render: (_, row) => <Hash of={row.root} />, responsive: ['lg'] },
  ];
}

import { useTexts } from '../../../i18n/useTexts';
import { State } from '../detail/State';
import { AccountLink, BlockLink, CompanyLink, TariffLink, When } from '../detail/values';
import type { TariffsQuery } from '../graphql/graphql';
import type { Column } from '../list/ConnectionTable';
import { texts as words } from '../texts';
import { texts } from './texts';

type Row = TariffsQuery['tariffsConnection']['nodes'][number];

/** The columns of a list of tariffs. */
export function useTariffColumns(): readonly Column<Row>[] {
  const t = useTexts(texts);
  const w = useTexts(words);
  return [
    { key: 'tariff', title: w('tariff'), render: (_, row) => <TariffLink id={row.id} /> },
    { key: 'company', title: w('company'), render: (_, row) => <CompanyLink id={row.companyId} /> },
    {
      key: 'city',
      title: t('city'),
      render: (_, row) => String(row.city ?? '').padStart(6, '0'),
      responsive: ['sm'],
    },
    {
      key: 'version',
      title: t('version'),
      align: 'right',
      render: (_, row) => row.number,
      responsive: ['sm'],
    },
    { key: 'state', title: t('state'), render: (_, row) => <State kind="tariff" of={row.state} /> },
    { key: 'from', title: t('from'), render: (_, row) => <When at={row.from} />, responsive: ['sm'] },
    {
      key: 'proposed',
      title: t('proposedBy'),
      render: (_, row) => <AccountLink account={row.proposedBy} />,
      responsive: ['lg'],
    },
    {
      key: 'approved',
      title: t('approvedBy'),
      render: (_, row) => <AccountLink account={row.approvedBy} />,
      responsive: ['lg'],
    },
    {
      key: 'block',
      title: w('block'),
      align: 'right',
      render: (_, row) => <BlockLink number={row.blockNumber} />,
      responsive: ['md'],
    },
  ];
}

import { getRouteApi } from '@tanstack/react-router';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { type Fact, Facts } from '../../../ui/Facts';
import { AccountLink, BlockLink, Money, When } from '../detail/values';
import type { CompanyAllowanceQuery } from '../graphql/graphql';
import { type Column, ConnectionTable } from '../list/ConnectionTable';
import { pageAt, windowOf } from '../list/paging';
import { useTurn } from '../list/useTurn';
import { useNodeAnswer } from '../node/useNode';
import { texts as words } from '../texts';
import { companyAllowanceQuery } from './queries';
import { texts } from './texts';

type Row = CompanyAllowanceQuery['drawsConnection']['nodes'][number];

const route = getRouteApi('/explorer/companies/$company');

/** What a company may use without fees, and who draws on it. */
export function CompanyAllowance(props: { company: number; at: { number: number } | null }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const place = pageAt(route.useSearch());
  const query = useAsk(companyAllowanceQuery, { ...props, ...windowOf(place) }, { keepPrevious: true });
  const columns: readonly Column<Row>[] = [
    { key: 'account', title: w('account'), render: (_, row) => <AccountLink account={row.account} /> },
    { key: 'time', title: w('time'), render: (_, row) => <When at={row.time} />, responsive: ['sm'] },
    {
      key: 'since',
      title: w('since'),
      align: 'right',
      render: (_, row) => <BlockLink number={row.blockNumber} />,
    },
  ];
  const own = query.data?.allowances[0];
  return (
    <div className="x-stack">
      <p className="x-quiet x-none">{t('allowanceLead')}</p>
      {query.data === undefined ? null : (
        <Which company={props.company} own={own} isNow={props.at === null} />
      )}
      <h3 className="x-heading">{t('draws')}</h3>
      <p className="x-quiet x-none">{t('drawsLead')}</p>
      <ConnectionTable
        label={t('draws')}
        query={query}
        pick={(answer) => answer.drawsConnection}
        columns={columns}
        rowKey={(row) => row.id}
        at={place}
        turn={useTurn()}
      />
    </div>
  );
}

/** Its own as the index has it; the common one, and what is left now, as the node says. */
function Which(props: {
  company: number;
  own: CompanyAllowanceQuery['allowances'][number] | undefined;
  isNow: boolean;
}) {
  const t = useTexts(texts);
  const f = useFormat();
  const { company, own, isNow } = props;
  const { data: now } = useNodeAnswer(['allowance', company], async (chain) => {
    const { allowanceOf } = await import('../../../chain/allowance');
    return (await allowanceOf(chain, company)) ?? null;
  });
  const known = isNow && now != null ? now : undefined;
  const facts: readonly Fact[] = [
    [
      t('allowanceOf'),
      own === undefined ? t('allowanceCommon') : t('allowanceOwn', { block: f.count(own.blockNumber) }),
    ],
    [t('allowanceMost'), money(known?.max ?? own?.max)],
    [t('allowanceRecovery'), money(known?.recovery ?? own?.recoveryPerBlock)],
    [t('allowanceLeft'), money(known?.left)],
  ];
  return <Facts facts={facts} />;
}

function money(units: bigint | string | null | undefined) {
  return units == null ? null : <Money units={units} />;
}

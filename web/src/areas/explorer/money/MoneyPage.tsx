import { getRouteApi } from '@tanstack/react-router';
import { Card, Tabs } from 'antd';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { Answered } from '../../../ui/answers';
import { Figure, Figures } from '../../../ui/Figure';
import { Page } from '../../../ui/Page';
import { Transfers } from '../accounts/Transfers';
import { Withdrawals } from '../accounts/Withdrawals';
import { AsOf, AsOfNote } from '../detail/AsOf';
import { MoneyFigure } from '../detail/MoneyFigure';
import type { MoneyQuery } from '../graphql/graphql';
import { useChange } from '../list/useTurn';
import { Largest } from './Largest';
import { moneyQuery } from './queries';
import { SumCheck } from './SumCheck';
import { texts } from './texts';

const route = getRouteApi('/explorer/money');

export function MoneyPage() {
  const t = useTexts(texts);
  const { at, tab } = route.useSearch();
  const change = useChange();
  const choose = (block: number | undefined) => change({ at: block });
  const query = useAsk(moneyQuery, { at: at === undefined ? null : { number: at } }, { keepPrevious: true });
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      extra={
        <AsOf
          key={at}
          at={at}
          newest={at === undefined ? query.data?._meta?.block?.number : undefined}
          choose={choose}
        />
      }
    >
      <AsOfNote at={at} choose={choose} />
      <Answered query={query} rows={6}>
        {(answer) => (
          <>
            <Totals of={answer} />
            <SumCheck of={answer} />
            <Card size="small">
              <Tabs
                activeKey={tab ?? 'largest'}
                destroyOnHidden
                onChange={(key) => change({ tab: key === 'largest' ? undefined : key })}
                items={[
                  { key: 'largest', label: t('largest'), children: <Largest of={answer.largest} /> },
                  { key: 'transfers', label: t('transfers'), children: <Transfers where={{}} /> },
                  { key: 'withdrawals', label: t('withdrawals'), children: <Withdrawals where={{}} /> },
                ]}
              />
            </Card>
          </>
        )}
      </Answered>
    </Page>
  );
}

function Totals({ of }: { of: MoneyQuery }) {
  const t = useTexts(texts);
  const f = useFormat();
  const [balances] = of.balances;
  const [batches] = of.batches;
  const [withdrawals] = of.withdrawals;
  const [fees] = of.fees;
  const sum = (...amounts: readonly (string | null | undefined)[]) =>
    amounts.reduce((total, amount) => total + BigInt(amount ?? '0'), 0n);
  return (
    <Figures>
      <MoneyFigure name={t('issuance')} units={sum(balances?.sum.free, balances?.sum.held)} />
      <MoneyFigure name={t('free')} units={balances?.sum.free ?? '0'} />
      <MoneyFigure name={t('held')} units={balances?.sum.held ?? '0'} />
      <Figure name={t('accounts')} value={f.count(balances?.count ?? '0')} />
      <MoneyFigure name={t('settled')} units={batches?.sum.gross ?? '0'} to="/explorer/batches" />
      <MoneyFigure
        name={t('withdrawn')}
        units={withdrawals?.sum.amount ?? '0'}
        hint={t('withdrawnNote', { count: Number(withdrawals?.count ?? 0) })}
      />
      <MoneyFigure name={t('fees')} units={sum(fees?.sum.fee, fees?.sum.tip)} />
    </Figures>
  );
}

import { getRouteApi } from '@tanstack/react-router';
import { Alert, Card, Tabs } from 'antd';
import { accountHex, isAccount, shorten, ss58 } from '../../../format/ids';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { Answered } from '../../../ui/answers';
import { Copy } from '../../../ui/Copy';
import { Facts } from '../../../ui/Facts';
import { Figures } from '../../../ui/Figure';
import { Page } from '../../../ui/Page';
import { AsOf, AsOfNote } from '../detail/AsOf';
import { MoneyFigure } from '../detail/MoneyFigure';
import { useNames } from '../detail/useNames';
import { Hash } from '../detail/values';
import type { AccountQuery } from '../graphql/graphql';
import { useChange } from '../list/useTurn';
import { BalanceChart } from './BalanceChart';
import { Entries } from './Entries';
import { accountQuery } from './queries';
import { Signed } from './Signed';
import { Transfers } from './Transfers';
import { texts } from './texts';
import { WhatItIs } from './WhatItIs';
import { Withdrawals } from './Withdrawals';

const route = getRouteApi('/explorer/accounts/$account');

export function AccountPage() {
  const t = useTexts(texts);
  const { account } = route.useParams();
  if (!isAccount(account)) {
    return (
      <Page title={t('title')}>
        <Alert type="warning" showIcon title={t('wrong')} />
      </Page>
    );
  }
  const hex = accountHex(account);
  return <One key={hex} hex={hex} />;
}

function One({ hex }: { hex: string }) {
  const t = useTexts(texts);
  const names = useNames();
  const { at, tab } = route.useSearch();
  const change = useChange();
  const choose = (block: number | undefined) => change({ at: block });
  const height = at === undefined ? null : { number: at };
  const query = useAsk(accountQuery, { id: hex, account: hex, at: height }, { keepPrevious: true });
  const address = ss58(hex);
  const both = { or: [{ from: hex }, { to: hex }] };
  return (
    <Page
      title={names.account(hex) ?? shorten(address, 8, 8)}
      extra={<AsOf key={at} at={at} newest={query.data?._meta?.block?.number} choose={choose} />}
    >
      <AsOfNote at={at} choose={choose} />
      <Card size="small">
        <Facts
          facts={[
            [
              t('address'),
              <span key="address" className="with-copy">
                <span className="code x-break">{address}</span>
                <Copy text={address} />
              </span>,
            ],
            [t('hex'), <Hash key="hex" of={hex} whole />],
          ]}
        />
      </Card>
      <Answered query={query} rows={5}>
        {(answer) => (
          <>
            <Balances of={answer} />
            <Card size="small">
              <WhatItIs of={answer} />
            </Card>
          </>
        )}
      </Answered>
      <BalanceChart hex={hex} />
      <Card size="small">
        <Tabs
          activeKey={tab ?? 'entries'}
          destroyOnHidden
          onChange={(key) => change({ tab: key === 'entries' ? undefined : key })}
          items={[
            { key: 'entries', label: t('ledger'), children: <Entries account={hex} /> },
            { key: 'transfers', label: t('transfers'), children: <Transfers where={both} of={hex} /> },
            { key: 'signed', label: t('extrinsics'), children: <Signed account={hex} /> },
            {
              key: 'withdrawals',
              label: t('withdrawals'),
              children: <Withdrawals where={{ account: hex }} />,
            },
          ]}
        />
      </Card>
    </Page>
  );
}

function Balances({ of }: { of: AccountQuery }) {
  const t = useTexts(texts);
  const { balance } = of;
  if (balance === null) return <Alert type="info" showIcon title={t('noAccount')} />;
  if (balance.free === null || balance.held === null)
    return <Alert type="info" showIcon title={t('unknownBalance')} />;
  return (
    <Figures>
      <MoneyFigure name={t('balance')} units={BigInt(balance.free) + BigInt(balance.held)} />
      <MoneyFigure name={t('free')} units={balance.free} />
      <MoneyFigure name={t('held')} units={balance.held} />
    </Figures>
  );
}

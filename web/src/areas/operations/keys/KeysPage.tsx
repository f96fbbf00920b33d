import { getRouteApi } from '@tanstack/react-router';
import { AutoComplete, Button } from 'antd';
import { useState } from 'react';
import { useBalance } from '../../../chain/hooks';
import { addProxy, reject, removeProxy } from '../../../chain/proxies';
import { isAccount, shorten, ss58 } from '../../../format/ids';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { AnnouncedTable } from '../../../keys/AnnouncedTable';
import { HeldBy } from '../../../keys/HeldBy';
import { ProxyTable } from '../../../keys/ProxyTable';
import { keyTexts } from '../../../keys/texts';
import { useKeys, useShared } from '../../../keys/useKeys';
import { Amount } from '../../../ui/Amount';
import { Answered, Empty } from '../../../ui/answers';
import { Facts } from '../../../ui/Facts';
import { AccountName } from '../../../ui/links';
import { Page } from '../../../ui/Page';
import { chooseAccount } from '../../../wallet/requests';
import { useWallet } from '../../../wallet/shared';
import { useSearchChange } from '../list/useSearchChange';
import '../operations.css';
import { Section } from '../parts/Section';
import { Row } from '../tariffs/Fields';
import { AddProxy } from './AddProxy';
import { Holders } from './Holders';
import { OwnAnnounced } from './OwnAnnounced';
import { treasuryListQuery } from './queries';
import { texts } from './texts';
import { useAct } from './useAct';

const route = getRouteApi('/operations/keys');

/** Which keys act for an account: added, removed, and stopped while what they announced waits. */
export function KeysPage() {
  const t = useTexts(texts);
  const wallet = useWallet();
  const { account: named } = route.useSearch();
  const asked = named ?? wallet?.selected?.address;
  const isRight = asked !== undefined && isAccount(asked);
  const account = isRight ? ss58(asked) : asked;
  return (
    <Page title={t('title')} lead={t('lead')}>
      <About />
      <Section title={t('account')}>
        <Choose account={account} />
      </Section>
      {isRight && account !== undefined ? (
        <One key={account} account={account} />
      ) : account === undefined ? (
        <Empty
          text={t('noAccount')}
          action={<Button onClick={() => void chooseAccount()}>{t('connect')}</Button>}
        />
      ) : null}
      <OwnAnnounced />
    </Page>
  );
}

/** What people do with all this. */
function About() {
  const t = useTexts(texts);
  return (
    <Section title={t('about')}>
      <ul className="o-list">
        {(['aboutCold', 'aboutHot', 'aboutLimit', 'aboutDelay', 'aboutLost'] as const).map((key) => (
          <li key={key}>{t(key)}</li>
        ))}
      </ul>
    </Section>
  );
}

function Choose({ account }: { account: string | undefined }) {
  const t = useTexts(texts);
  const change = useSearchChange();
  const wallet = useWallet();
  const { data } = useAsk(treasuryListQuery, {}, { staleTime: 60_000 });
  const [typed, type] = useState<string>();
  const value = typed ?? account ?? '';
  const own = (wallet?.accounts ?? []).map(({ address, name }) => ({
    value: address,
    label: `${name} (${shorten(address)})`,
  }));
  const treasuries = (data?.companies ?? []).flatMap(({ name, company, treasury }) =>
    treasury === null
      ? []
      : [
          {
            value: ss58(treasury),
            label: `${t('treasuryOf', { company: name ?? String(company ?? '') })} (${shorten(ss58(treasury))})`,
          },
        ],
  );
  const seen = new Set(own.map((one) => one.value));
  const put = (text: string) => {
    type(text);
    const trimmed = text.trim();
    if (isAccount(trimmed)) change({ account: ss58(trimmed) });
  };
  const trouble = value === '' || isAccount(value.trim()) ? undefined : t('notAccount');
  return (
    <Row label={t('accountHint')} trouble={trouble}>
      <AutoComplete
        aria-label={t('account')}
        style={{ width: '100%' }}
        value={value}
        options={[...own, ...treasuries.filter((one) => !seen.has(one.value))]}
        onChange={put}
      />
    </Row>
  );
}

function One({ account }: { account: string }) {
  const t = useTexts(texts);
  const k = useTexts(keyTexts);
  const keys = useKeys(account);
  const shared = useShared(account);
  const balance = useBalance(account);
  const wallet = useWallet();
  const [isAdding, setAdding] = useState(false);
  const { act, dialog } = useAct(account);
  const isOwn = wallet?.accounts.some(({ address }) => address === account) ?? false;
  return (
    <>
      <Section title={t('facts')}>
        <div className="o-stack">
          <Facts
            facts={[
              [k('account'), <AccountName key="account" account={account} copy />],
              [k('free'), balance === undefined ? '…' : <Amount key="free" value={balance.free} />],
              [k('heldBy'), isOwn ? null : <HeldBy key="heldBy" shared={shared} />],
            ]}
          />
          {isOwn || shared !== undefined ? null : <Holders account={account} />}
        </div>
      </Section>
      <Section
        title={k('proxies')}
        extra={
          <Button size="small" type="primary" onClick={() => setAdding(true)}>
            {t('add')}
          </Button>
        }
      >
        <div className="o-stack o-tight">
          <p className="o-none">{t('proxiesLead')}</p>
          <Answered query={keys} rows={2}>
            {({ proxies }) => (
              <ProxyTable
                of={proxies}
                action={(proxy) => (
                  <Button size="small" onClick={() => act(removeProxy(proxy))}>
                    {t('remove')}
                  </Button>
                )}
              />
            )}
          </Answered>
        </div>
      </Section>
      <Section title={k('announced')}>
        <div className="o-stack o-tight">
          <p className="o-none">{k('announcedLead')}</p>
          <Answered query={keys} rows={2}>
            {(answer) => (
              <AnnouncedTable
                of={answer}
                action={(announced) => (
                  <Button size="small" danger onClick={() => act(reject(announced))}>
                    {t('reject')}
                  </Button>
                )}
              />
            )}
          </Answered>
        </div>
      </Section>
      {isAdding ? (
        <AddProxy
          account={account}
          present={keys.data?.proxies ?? []}
          close={() => setAdding(false)}
          add={(proxy) => {
            setAdding(false);
            act(addProxy(proxy));
          }}
        />
      ) : null}
      {dialog}
    </>
  );
}

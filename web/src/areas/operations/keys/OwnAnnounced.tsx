import { useQueries } from '@tanstack/react-query';
import { Button, Table } from 'antd';
import { type Announcement, takeBack } from '../../../chain/proxies';
import { openPortalChain } from '../../../chain/shared';
import { useTexts } from '../../../i18n/useTexts';
import { keyTexts } from '../../../keys/texts';
import { callsPath } from '../../../route/paths';
import { AccountName, BlockLink, Hash } from '../../../ui/links';
import { PathLink } from '../../../ui/PathLink';
import { useWallet } from '../../../wallet/shared';
import { Section } from '../parts/Section';
import { texts } from './texts';
import { useAct } from './useAct';

/** What accounts of this person's wallets have announced to do for others. Nothing is shown where there is nothing. */
export function OwnAnnounced() {
  const t = useTexts(texts);
  const k = useTexts(keyTexts);
  const accounts = [...new Set(useWallet()?.accounts.map(({ address }) => address))];
  const announced = useQueries({
    queries: accounts.map((account) => ({
      queryKey: ['chain', 'announced', account],
      queryFn: async () => {
        const [chain, { announcedBy }] = await Promise.all([
          openPortalChain(),
          import('../../../chain/proxies'),
        ]);
        await chain.ready(15_000);
        return announcedBy(chain, account);
      },
      refetchInterval: 12_000,
      retry: 1,
    })),
    combine: (results) => results.flatMap(({ data }) => data ?? []),
  });
  if (announced.length === 0) return null;
  return (
    <Section title={t('own')}>
      <div className="o-stack o-tight">
        <p className="o-none">
          {t('ownLead')} <PathLink to={callsPath}>{t('toFile')}</PathLink>
        </p>
        <Table<Announcement>
          size="small"
          aria-label={t('own')}
          rowKey={(row) => `${row.delegate} ${row.real} ${row.hash} ${row.height}`}
          pagination={false}
          scroll={{ x: 'max-content' }}
          dataSource={announced}
          columns={[
            { title: k('key'), render: (_, { delegate }) => <AccountName account={delegate} /> },
            { title: t('forAccount'), render: (_, { real }) => <AccountName account={real} /> },
            { title: k('hash'), render: (_, { hash }) => <Hash value={hash} /> },
            { title: k('since'), align: 'right', render: (_, { height }) => <BlockLink number={height} /> },
            { key: 'action', align: 'right', render: (_, row) => <TakeBack of={row} /> },
          ]}
        />
      </div>
    </Section>
  );
}

function TakeBack({ of }: { of: Announcement }) {
  const t = useTexts(texts);
  const { act, dialog } = useAct(of.delegate);
  return (
    <>
      <Button size="small" onClick={() => act(takeBack(of))}>
        {t('takeBack')}
      </Button>
      {dialog}
    </>
  );
}

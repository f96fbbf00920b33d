import { getRouteApi } from '@tanstack/react-router';
import { Table } from 'antd';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { Answered } from '../../../ui/answers';
import { Page } from '../../../ui/Page';
import { Section } from '../detail/Section';
import { Split } from '../detail/Split';
import { State, useWord } from '../detail/State';
import { AccountLink, BlockLink, CompanyLink, Count, Nothing, When } from '../detail/values';
import type { SessionsQuery, ValidatorsQuery } from '../graphql/graphql';
import { type Column, ConnectionTable } from '../list/ConnectionTable';
import { pageAt, windowOf } from '../list/paging';
import { useTurn } from '../list/useTurn';
import { texts as words } from '../texts';
import { Present } from './Present';
import { sessionsQuery, validatorsQuery } from './queries';
import { Signers } from './Signers';
import { texts } from './texts';

const route = getRouteApi('/explorer/validators');

export function ValidatorsPage() {
  const t = useTexts(texts);
  const query = useAsk(validatorsQuery, {});
  return (
    <Page title={t('title')} lead={t('lead')}>
      <div className="x-columns">
        <Section title={t('now')}>
          <Present />
        </Section>
        <Section title={t('beefySet')}>
          <Signers />
        </Section>
      </div>
      <Section title={t('members')}>
        <Answered query={query} rows={5}>
          {({ validators }) => <Members of={validators} />}
        </Answered>
      </Section>
      <div className="x-columns">
        <Section title={t('blocksMade')}>
          <Answered query={query} rows={3}>
            {({ made }) => <Made of={made} />}
          </Answered>
        </Section>
        <Section title={t('sessions')}>
          <Sessions />
        </Section>
      </div>
    </Page>
  );
}

type Member = ValidatorsQuery['validators'][number];

function Members({ of }: { of: readonly Member[] }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const f = useFormat();
  const word = useWord();
  // Thousand millionths, as the chain counts severity.
  const offence = (row: Member) =>
    row.offenceSession === null
      ? t('noOffence')
      : t('offence', {
          kind: row.offence === null ? t('offenceUnknown') : word('OffenceKind', row.offence),
          session: f.count(row.offenceSession),
          severity: f.share((row.severity ?? 0) / 1_000_000_000),
        });
  return (
    <Table
      size="small"
      aria-label={t('members')}
      rowKey="id"
      pagination={false}
      scroll={{ x: 'max-content' }}
      dataSource={[...of]}
      columns={[
        { title: w('validator'), render: (_, row) => <AccountLink account={row.account} whole={false} /> },
        { title: w('company'), render: (_, row) => <CompanyLink id={row.companyId} /> },
        { title: w('status'), render: (_, row) => <State kind="validator" of={row.state} /> },
        { title: t('gone'), align: 'right', render: (_, row) => <Count of={row.gone} />, responsive: ['md'] },
        { title: t('offences'), render: (_, row) => offence(row), responsive: ['md'] },
        {
          title: w('since'),
          align: 'right',
          render: (_, row) => <BlockLink number={row.blockNumber} />,
          responsive: ['sm'],
        },
      ]}
    />
  );
}

function Made({ of }: { of: ValidatorsQuery['made'] }) {
  const t = useTexts(texts);
  const parts = of
    .filter((part) => part.authority !== null)
    .sort((one, other) => (one.authority ?? 0) - (other.authority ?? 0));
  if (parts.length === 0) return <Nothing />;
  return (
    <>
      <Split
        label={t('blocksMade')}
        as="count"
        of={parts.map((part) => ({
          name: t('placeOf', { place: part.authority ?? 0 }),
          amount: BigInt(part.count),
        }))}
      />
      <p className="x-quiet x-below">{t('blocksMadeHint')}</p>
    </>
  );
}

type SessionRow = SessionsQuery['sessionsConnection']['nodes'][number];

function Sessions() {
  const t = useTexts(texts);
  const w = useTexts(words);
  const at = pageAt(route.useSearch());
  const query = useAsk(sessionsQuery, windowOf({ size: 10, ...at }), { keepPrevious: true });
  const columns: readonly Column<SessionRow>[] = [
    { key: 'session', title: t('session'), render: (_, row) => <Count of={row.number} /> },
    {
      key: 'began',
      title: t('began'),
      align: 'right',
      render: (_, row) => <BlockLink number={row.blockNumber} />,
    },
    { key: 'time', title: w('time'), render: (_, row) => <When at={row.time} /> },
  ];
  return (
    <ConnectionTable
      label={t('sessions')}
      query={query}
      pick={(answer) => answer.sessionsConnection}
      columns={columns}
      rowKey={(row) => row.id}
      at={{ size: 10, ...at }}
      turn={useTurn()}
    />
  );
}

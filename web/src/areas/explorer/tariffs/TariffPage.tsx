import { getRouteApi } from '@tanstack/react-router';
import { Alert, Card, Table } from 'antd';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { readTariff, type SplitPolicy } from '../../../tariff/tariff';
import { Answered } from '../../../ui/answers';
import { Facts } from '../../../ui/Facts';
import { Page } from '../../../ui/Page';
import { Decoded } from '../detail/Decoded';
import { NotThere } from '../detail/NotThere';
import { Section } from '../detail/Section';
import { Split } from '../detail/Split';
import { State } from '../detail/State';
import { useNames } from '../detail/useNames';
import { AccountLink, BlockLink, CompanyLink, EventLink, TariffLink, When } from '../detail/values';
import type { TariffQuery } from '../graphql/graphql';
import { texts as words } from '../texts';
import { fieldsOf } from '../values/shown';
import { Fares, Windows } from './Fares';
import { tariffQuery, versionsQuery } from './queries';
import { texts } from './texts';

type Found = NonNullable<TariffQuery['tariff']>;

const route = getRouteApi('/explorer/tariffs/$tariff');

export function TariffPage() {
  const w = useTexts(words);
  const { tariff: id } = route.useParams();
  const query = useAsk(tariffQuery, { id });
  return (
    <Answered query={query} rows={8}>
      {({ tariff }) =>
        tariff === null ? <NotThere what={`${w('tariff')} ${id}`} newest={undefined} /> : <One of={tariff} />
      }
    </Answered>
  );
}

function One({ of }: { of: Found }) {
  const t = useTexts(texts);
  const names = useNames();
  const read = readTariff(of.tariff);
  const city = String(of.city ?? '').padStart(6, '0');
  return (
    <Page
      title={t('one', { company: names.company(of.companyId ?? ''), city, version: of.number ?? '' })}
      tags={<State kind="tariff" of={of.state} />}
    >
      {read === undefined ? (
        <>
          <Alert type="info" showIcon title={t('unread')} />
          <Section title={t('fares')}>
            <Decoded
              fields={fieldsOf(of.tariff, { pallet: 'Tariffs', accounts: new Set() })}
              raw={of.tariff}
            />
          </Section>
        </>
      ) : (
        <div className="x-columns">
          <Section title={t('fares')}>
            <Fares table={read.table} />
          </Section>
          <div className="x-stack">
            <Section title={t('windows')}>
              <Windows table={read.table} />
            </Section>
            <Section title={t('split')}>
              <Shares of={read.split} />
            </Section>
          </div>
        </div>
      )}
      <div className="x-columns">
        <Card size="small">
          <Who of={of} />
        </Card>
        <Section title={t('life')}>
          <Life of={of} />
        </Section>
      </div>
      <Section title={t('versions')}>
        <Versions of={of} />
      </Section>
    </Page>
  );
}

/** Parts per million as parts of 100 yuan: 780,000 is 78 yuan. */
function Shares({ of }: { of: SplitPolicy }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const names = useNames();
  return (
    <>
      <Split
        label={t('split')}
        as="share"
        of={[
          { name: w('driversShare'), amount: BigInt(of.driverPpm) },
          { name: w('platformShare'), amount: BigInt(of.platformPpm) },
          ...of.thirdParties.map((third) => ({
            name: names.company(third.company),
            amount: BigInt(third.ppm),
          })),
        ]}
      />
      <p className="x-quiet x-below">{t('splitNote')}</p>
    </>
  );
}

function Who({ of }: { of: Found }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  return (
    <Facts
      facts={[
        [w('company'), <CompanyLink key="company" id={of.companyId} />],
        [t('from'), <When key="from" at={of.from} />],
        [t('proposedBy'), <AccountLink key="proposed" account={of.proposedBy} />],
        [
          t('approvedBy'),
          of.approvedBy === null ? null : <AccountLink key="approved" account={of.approvedBy} />,
        ],
        [
          t('rejectedBy'),
          of.rejectedBy === null ? null : <AccountLink key="rejected" account={of.rejectedBy} />,
        ],
      ]}
    />
  );
}

function Life({ of }: { of: Found }) {
  return (
    <ul className="x-plain x-stack">
      {of.history.map((version) => (
        <li key={`${version.blockNumber}-${version.fact}`} className="x-row">
          <State kind="tariff" of={version.state} />
          <When at={version.time} />
          <BlockLink number={version.blockNumber} />
          <EventLink id={`${version.blockNumber}-${version.fact}`} />
        </li>
      ))}
    </ul>
  );
}

function Versions({ of }: { of: Found }) {
  const t = useTexts(texts);
  const query = useAsk(versionsQuery, { company: of.companyId ?? 0, city: of.city ?? 0 });
  return (
    <Answered query={query} rows={2}>
      {({ tariffs }) => (
        <Table
          size="small"
          aria-label={t('versions')}
          rowKey="id"
          pagination={false}
          scroll={{ x: 'max-content' }}
          dataSource={tariffs}
          columns={[
            { title: t('version'), render: (_, row) => <TariffLink id={row.id}>{row.number}</TariffLink> },
            { title: t('state'), render: (_, row) => <State kind="tariff" of={row.state} /> },
            { title: t('from'), render: (_, row) => <When at={row.from} /> },
          ]}
        />
      )}
    </Answered>
  );
}

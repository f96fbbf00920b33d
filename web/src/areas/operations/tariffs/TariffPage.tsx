import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Alert, Button } from 'antd';
import { useState } from 'react';
import { useTexts } from '../../../i18n/useTexts';
import { askKey, useAsk } from '../../../index/hooks';
import { portal } from '../../../portal';
import { readTariff } from '../../../tariff/tariff';
import { Answered, Empty } from '../../../ui/answers';
import { Facts } from '../../../ui/Facts';
import { AccountName, BlockLink } from '../../../ui/links';
import { Page } from '../../../ui/Page';
import { PathLink } from '../../../ui/PathLink';
import { Time } from '../../../ui/Time';
import { useNow } from '../../../ui/useNow';
import { callOf, submit } from '../../../wallet/requests';
import type { OperationsTariffsQuery } from '../graphql/graphql';
import '../operations.css';
import { Section } from '../parts/Section';
import { texts as words } from '../texts';
import { People } from './People';
import { PreviewSection } from './Preview';
import { tariffsQuery } from './queries';
import { TariffShown } from './TableOfFares';
import { texts } from './texts';
import { VersionTag } from './VersionTag';
import { stateOf } from './versions';

type Row = OperationsTariffsQuery['tariffs'][number];

const route = getRouteApi('/operations/tariffs/$tariff');

/** A version of a tariff: what it says, where it is in its life, who decides, and what it would change. */
export function TariffPage() {
  const t = useTexts(texts);
  const { tariff: id } = route.useParams();
  const query = useAsk(tariffsQuery, { company: portal().company }, { refetchInterval: 10_000 });
  const now = useNow(60_000);
  const rows = query.data?.tariffs ?? [];
  const row = rows.find((one) => one.id === id);
  return (
    <Page
      title={row === undefined ? t('title') : t('one', { city: row.city ?? '', version: row.number ?? '' })}
      tags={row === undefined ? null : <VersionTag state={stateOf(row, rows, now)} />}
      extra={
        <PathLink to={`/operations/tariffs/new?from=${id}`}>
          <Button tabIndex={-1}>{t('newOf')}</Button>
        </PathLink>
      }
    >
      <Answered query={query} rows={8}>
        {() => (row === undefined ? <Empty text={t('notThere')} /> : <Known row={row} now={now} />)}
      </Answered>
    </Page>
  );
}

function Known({ row, now }: { row: Row; now: number }) {
  const t = useTexts(texts);
  const tariff = readTariff(row.tariff);
  return (
    <>
      {row.state === 'proposed' ? <Decision row={row} now={now} /> : null}
      <Section title={t('version')}>
        <Life row={row} />
      </Section>
      {tariff === undefined ? (
        <Alert type="info" showIcon title={t('unread')} />
      ) : (
        <TariffShown of={tariff} />
      )}
      {tariff === undefined || row.city === null ? null : <PreviewSection tariff={tariff} city={row.city} />}
      <People />
    </>
  );
}

function Life({ row }: { row: Row }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const account = (of: string | null) => (of === null ? null : <AccountName key={of} account={of} copy />);
  return (
    <Facts
      facts={[
        [w('city'), String(row.city ?? '')],
        [t('from'), row.from === null ? null : <Time key="from" at={row.from} />],
        [t('proposedBy'), account(row.proposedBy)],
        [t('approvedBy'), account(row.approvedBy)],
        [t('rejectedBy'), account(row.rejectedBy)],
        [w('time'), <Time key="time" at={row.time} />],
        [t('block'), <BlockLink key="block" number={row.blockNumber} />],
      ]}
    />
  );
}

/** The second person's decision, signed by a wallet. */
function Decision({ row, now }: { row: Row; now: number }) {
  const t = useTexts(texts);
  const queries = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const isLate = row.from !== null && Date.parse(row.from) <= now;
  const decide = async (call: 'approve' | 'reject') => {
    setBusy(true);
    await submit(callOf('Tariffs', call, { company: row.companyId, city: row.city, version: row.number }));
    setBusy(false);
    await queries.invalidateQueries({ queryKey: askKey(tariffsQuery, { company: portal().company }) });
  };
  return (
    <Alert
      type={isLate ? 'warning' : 'info'}
      showIcon
      title={isLate ? t('tooLate') : t('twoPeople')}
      description={t('withdrawHint')}
      action={
        <span className="o-row">
          <Button type="primary" disabled={isBusy || isLate} onClick={() => void decide('approve')}>
            {t('approve')}
          </Button>
          <Button danger disabled={isBusy} onClick={() => void decide('reject')}>
            {t('reject')}
          </Button>
        </span>
      }
    />
  );
}

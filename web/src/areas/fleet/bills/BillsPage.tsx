import '../fleet.css';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useSession } from '../../../api/hooks';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { Answered } from '../../../ui/answers';
import { Page } from '../../../ui/Page';
import { DaysChoice } from '../list/DaysChoice';
import { Batches } from './Batches';
import { Check } from './Check';
import { CompanyMoney } from './CompanyMoney';
import { totalsQuery } from './queries';
import { Settled } from './Settled';
import { texts } from './texts';

const route = getRouteApi('/fleet/bills');

/** What the company settled, and whether the books agree. */
export function BillsPage() {
  const t = useTexts(texts);
  const company = useSession()?.company ?? 0;
  const { days = 7 } = route.useSearch();
  const query = useAsk(
    totalsQuery,
    { company, id: String(company) },
    { refetchInterval: 15_000, keepPrevious: true },
  );
  const since = useMemo(() => sinceOf(days), [days]);
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      extra={
        <>
          <DaysChoice days={days} />
          <Link to="/explorer/downloads" search={{ company, table: 'batches' }} className="ant-btn-like">
            {t('exports')}
          </Link>
        </>
      }
    >
      <Answered query={query} rows={8}>
        {(totals) => (
          <div className="f-stack">
            <Check of={totals} company={company} />
            <CompanyMoney of={totals} company={company} />
          </div>
        )}
      </Answered>
      <Settled company={company} since={since} />
      <Batches company={company} />
    </Page>
  );
}

/** The midnight of UTC at which so many days begin, today being the last. */
function sinceOf(days: number): string {
  const today = new Date();
  today.setUTCHours(0, 0, 0, 0);
  today.setUTCDate(today.getUTCDate() - (days - 1));
  return today.toISOString();
}

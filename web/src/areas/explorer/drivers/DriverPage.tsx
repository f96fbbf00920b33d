import { getRouteApi } from '@tanstack/react-router';
import { Alert, Table } from 'antd';
import { lazy, Suspense } from 'react';
import { plottedYuan } from '../../../format/money';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { Answered, Loading } from '../../../ui/answers';
import { Figure, Figures } from '../../../ui/Figure';
import { Page } from '../../../ui/Page';
import { AsOf, AsOfNote } from '../detail/AsOf';
import { MoneyFigure } from '../detail/MoneyFigure';
import { NotThere } from '../detail/NotThere';
import { Section } from '../detail/Section';
import { State } from '../detail/State';
import { AccountLink, CompanyLink, Count, Money, When } from '../detail/values';
import type { DriverQuery } from '../graphql/graphql';
import { ConnectionTable } from '../list/ConnectionTable';
import { pageAt, windowOf } from '../list/paging';
import { useChange, useTurn } from '../list/useTurn';
import { filled, span } from '../overview/series';
import { useRideColumns } from '../rides/columns';
import { ridesQuery } from '../rides/queries';
import { texts as words } from '../texts';
import { Owed } from './Owed';
import { driverQuery } from './queries';
import { texts } from './texts';

const Chart = lazy(async () => ({ default: (await import('../../../ui/Chart')).Chart }));

const route = getRouteApi('/explorer/drivers/$driver');

export function DriverPage() {
  const w = useTexts(words);
  const { driver: id } = route.useParams();
  const isId = /^\d{1,10}$/.test(id);
  return isId ? <One id={id} /> : <NotThere what={w('driverNumber', { id })} newest={undefined} />;
}

function One({ id }: { id: string }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const { at } = route.useSearch();
  const change = useChange();
  const choose = (block: number | undefined) => change({ at: block });
  const height = at === undefined ? null : { number: at };
  const query = useAsk(driverQuery, { id, driver: Number(id), at: height }, { keepPrevious: true });
  return (
    <Answered query={query} rows={8}>
      {({ driver, rides, days, _meta }) => {
        const newest = _meta?.block?.number;
        if (driver === null && at === undefined)
          return <NotThere what={w('driverNumber', { id })} newest={newest} />;
        return (
          <Page
            title={w('driverNumber', { id })}
            extra={<AsOf key={at} at={at} newest={newest} choose={choose} />}
            lead={driver === null ? undefined : <AccountLink account={driver.account} whole />}
          >
            <AsOfNote at={at} choose={choose} />
            {driver === null ? (
              <Alert type="warning" showIcon title={t('notYet', { block: at ?? 0 })} />
            ) : (
              <>
                <Earned of={rides[0]} />
                <Section title={t('seats')}>
                  <Seats driver={driver} isNow={at === undefined} />
                </Section>
                {days.length === 0 || at !== undefined ? null : (
                  <Section title={t('days')}>
                    <Days of={days} />
                  </Section>
                )}
              </>
            )}
            <Section title={t('ridesTitle')}>
              <Rides id={id} at={height} />
            </Section>
          </Page>
        );
      }}
    </Answered>
  );
}

function Earned({ of }: { of: DriverQuery['rides'][number] | undefined }) {
  const t = useTexts(texts);
  const f = useFormat();
  return (
    <Figures>
      <Figure name={t('rides')} value={f.count(of?.count ?? '0')} />
      <MoneyFigure name={t('earned')} units={of?.sum.driverShare ?? '0'} hint={t('earnedHint')} />
      <Figure name={t('driven')} value={f.distance(Number(of?.sum.distanceM ?? 0))} />
    </Figures>
  );
}

function Seats({ driver, isNow }: { driver: NonNullable<DriverQuery['driver']>; isNow: boolean }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  return (
    <Table
      size="small"
      aria-label={t('seats')}
      rowKey="id"
      pagination={false}
      scroll={{ x: 'max-content' }}
      dataSource={driver.seats}
      columns={[
        { title: w('company'), render: (_, row) => <CompanyLink id={row.companyId} /> },
        { title: w('status'), render: (_, row) => <State kind="driver" of={row.status} /> },
        { title: t('seat'), align: 'right', render: (_, row) => <Count of={row.seat} /> },
        { title: t('withdrawn'), align: 'right', render: (_, row) => <Money units={row.withdrawn} /> },
        ...(isNow
          ? [
              {
                title: <span title={t('owedHint')}>{t('owed')}</span>,
                align: 'right' as const,
                render: (_: unknown, row: (typeof driver.seats)[number]) => (
                  <Owed company={row.companyId ?? 0} driver={Number(driver.id)} />
                ),
              },
            ]
          : []),
        { title: t('inactive'), render: (_, row) => <When at={row.inactiveSince} /> },
      ]}
    />
  );
}

function Days({ of }: { of: DriverQuery['days'] }) {
  const t = useTexts(texts);
  const f = useFormat();
  const days = span('day', 30, Date.now());
  const rows = filled(days.times, of);
  const option = {
    grid: { left: 8, right: 8, top: 12, bottom: 4, containLabel: true },
    tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' } },
    xAxis: { type: 'category', data: days.times.map((time) => f.date(time).slice(5)) },
    yAxis: { type: 'value', axisLabel: { formatter: (yuan: number) => f.compactCount(yuan) } },
    series: [
      {
        name: t('earned'),
        type: 'bar',
        barMaxWidth: 24,
        data: rows.map((row) => plottedYuan(BigInt(row?.sum.driverShare ?? '0'))),
      },
    ],
  };
  return (
    <Suspense fallback={<Loading rows={4} />}>
      <Chart option={option} label={t('days')} height={200} />
    </Suspense>
  );
}

function Rides({ id, at }: { id: string; at: { number: number } | null }) {
  const t = useTexts(texts);
  const place = pageAt(route.useSearch());
  const order = { orderBy: 'time', orderDirection: 'desc' } as const;
  const query = useAsk(
    ridesQuery,
    { where: { driver: id }, at, ...order, ...windowOf(place) },
    { keepPrevious: true },
  );
  return (
    <ConnectionTable
      label={t('ridesTitle')}
      query={query}
      pick={(answer) => answer.ridesConnection}
      columns={useRideColumns('driver')}
      rowKey={(row) => row.id}
      at={place}
      turn={useTurn()}
    />
  );
}

import { getRouteApi } from '@tanstack/react-router';
import { Card, Table, Tabs } from 'antd';
import { useCall, useMay, useSession } from '../../../api/hooks';
import type { Driver } from '../../../api/methods';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { portal } from '../../../portal';
import { Answered, Empty } from '../../../ui/answers';
import { Choice, Filters } from '../../../ui/Filters';
import { AccountName } from '../../../ui/links';
import { Page } from '../../../ui/Page';
import { Time } from '../../../ui/Time';
import { CursorPager, ListEnd } from '../list/CursorPager';
import { useSearchChange } from '../list/useSearchChange';
import '../operations.css';
import { stateTexts } from '../orders/stateTexts';
import { DriverName } from '../parts/names';
import { texts as words } from '../texts';
import { Doing } from './Doing';
import { EnrolDriver } from './EnrolDriver';
import { seatsQuery } from './queries';
import { SeatTag, seatState, seatStates } from './SeatTag';
import { texts } from './texts';

const route = getRouteApi('/operations/drivers');

export function DriversPage() {
  const t = useTexts(texts);
  const { tab } = route.useSearch();
  const change = useSearchChange();
  const maySeeDuty = useMay('ops_drivers');
  const mayEnrol = useSession()?.roles.includes('personnel') === true;
  const enrolled = { key: 'chain', label: t('enrolled'), children: <Enrolled /> };
  const duty = { key: 'duty', label: t('onDuty'), children: <OnDuty /> };
  return (
    <Page title={t('title')} extra={mayEnrol ? <EnrolDriver /> : null}>
      <Card size="small">
        <Tabs
          activeKey={tab ?? 'chain'}
          onChange={(key) => change({ tab: key === 'duty' ? 'duty' : undefined })}
          items={maySeeDuty ? [enrolled, duty] : [enrolled]}
          destroyOnHidden
        />
      </Card>
    </Page>
  );
}

function Enrolled() {
  const t = useTexts(texts);
  const w = useTexts(words);
  const f = useFormat();
  const change = useSearchChange();
  const { state: asked } = route.useSearch();
  const state = seatState(asked ?? null);
  const { company } = portal();
  const where = { companyId: company, ...(state === undefined ? {} : { status: state }) };
  const query = useAsk(seatsQuery, { where, company }, { refetchInterval: 15_000, keepPrevious: true });
  return (
    <>
      <Filters>
        <Choice
          label={w('state')}
          value={state}
          options={seatStates.map((value) => ({ value, label: t(value) }))}
          choose={(value) => change({ state: value })}
        />
      </Filters>
      <Answered query={query} isEmpty={({ seats }) => seats.length === 0} empty={<Empty text={t('none')} />}>
        {({ seats, perDriver }) => {
          const rides = new Map(perDriver.map(({ driverId, count }) => [driverId, count]));
          return (
            <Table
              size="small"
              aria-label={t('enrolled')}
              rowKey="id"
              pagination={seats.length > 20 ? { pageSize: 20, size: 'small', showSizeChanger: false } : false}
              scroll={{ x: 'max-content' }}
              dataSource={seats}
              columns={[
                {
                  title: w('driver'),
                  render: (_, { driverId }) => (driverId === null ? '' : <DriverName id={driverId} />),
                },
                { title: w('state'), render: (_, { status }) => <SeatTag status={status} /> },
                { title: t('seat'), align: 'right', render: (_, { seat }) => String(seat ?? '') },
                {
                  title: w('account'),
                  render: (_, { account }) => (account === null ? '' : <AccountName account={account} />),
                },
                {
                  title: t('rides'),
                  align: 'right',
                  render: (_, { driverId }) => f.count(rides.get(driverId) ?? '0'),
                },
                { title: t('since'), render: (_, { time }) => <Time at={time} />, responsive: ['md'] },
              ]}
            />
          );
        }}
      </Answered>
    </>
  );
}

function OnDuty() {
  const t = useTexts(texts);
  const w = useTexts(words);
  const s = useTexts(stateTexts);
  const f = useFormat();
  const { cursor } = route.useSearch();
  const query = useCall(
    'ops_drivers',
    { limit: 50, ...(cursor === undefined ? {} : { after: cursor }) },
    { refetchInterval: 5_000 },
  );
  return (
    <Answered
      query={query}
      isEmpty={({ drivers }) => drivers.length === 0}
      empty={cursor === undefined ? <Empty text={t('noneOnDuty')} /> : <ListEnd />}
    >
      {({ drivers, next }) => (
        <>
          <Table<Driver>
            size="small"
            aria-label={t('onDuty')}
            rowKey="id"
            pagination={false}
            scroll={{ x: 'max-content' }}
            dataSource={[...drivers]}
            columns={[
              { title: w('driver'), render: (_, { id }) => <DriverName id={id} /> },
              { title: t('doing'), render: (_, driver) => <Doing driver={driver} /> },
              { title: t('class'), render: (_, row) => (row.class === undefined ? '' : s(row.class)) },
              {
                title: t('rating'),
                align: 'right',
                render: (_, { rating_permille: rating }) =>
                  rating === undefined ? t('unrated') : t('stars', { stars: f.decimal(rating / 1000, 2) }),
              },
              { title: t('offers'), align: 'right', render: (_, { offers }) => f.count(offers) },
              { title: t('accepted'), align: 'right', render: (_, { accepted }) => f.count(accepted) },
              { title: t('trips'), align: 'right', render: (_, { trips }) => f.count(trips) },
            ]}
          />
          <CursorPager cursor={cursor} next={next} />
        </>
      )}
    </Answered>
  );
}

import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { App, Button, Table } from 'antd';
import { useState } from 'react';
import { useCall, useMay, useSession } from '../../../api/hooks';
import type { Driver } from '../../../api/methods';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { portal } from '../../../portal';
import { Amount } from '../../../ui/Amount';
import { Answered, Empty } from '../../../ui/answers';
import { Facts } from '../../../ui/Facts';
import { Figure, Figures } from '../../../ui/Figure';
import { AccountName, BlockLink } from '../../../ui/links';
import { Page } from '../../../ui/Page';
import { Time } from '../../../ui/Time';
import { callOf, submit } from '../../../wallet/requests';
import type { OperationsDriverQuery } from '../graphql/graphql';
import '../operations.css';
import { OrderName, VehicleName } from '../parts/names';
import { Section } from '../parts/Section';
import { texts as words } from '../texts';
import { Doing } from './Doing';
import { driverQuery } from './queries';
import { type SeatState, SeatTag, seatState } from './SeatTag';
import { texts } from './texts';

const route = getRouteApi('/operations/drivers/$driver');

type Answer = OperationsDriverQuery;
type Seat = Answer['seats'][number];

/** A driver of the company: on the chain, on duty, and what was earned. */
export function DriverPage() {
  const t = useTexts(texts);
  const { driver } = route.useParams();
  const id = /^\d{1,10}$/.test(driver) ? Number(driver) : 0;
  const query = useAsk(driverQuery, { company: portal().company, driver: id }, { refetchInterval: 15_000 });
  const mayChange = useSession()?.roles.includes('personnel') === true;
  const maySeeDuty = useMay('ops_drivers');
  const seat = query.data?.seats[0];
  return (
    <Page
      title={t('one', { id: driver })}
      tags={seat === undefined ? null : <SeatTag status={seat.status} />}
      extra={mayChange && seat !== undefined ? <Change id={id} state={seatState(seat.status)} /> : null}
    >
      <Answered
        query={query}
        isEmpty={({ seats }) => seats.length === 0}
        empty={<Empty text={t('notHere')} />}
        rows={8}
      >
        {(answer) => (
          <>
            <Earned of={answer} />
            <div className="o-columns">
              {maySeeDuty ? <Duty id={id} /> : null}
              {answer.seats.map((one) => (
                <OnChain key={one.id} seat={one} />
              ))}
            </div>
            <LastRides rides={answer.rides} />
          </>
        )}
      </Answered>
    </Page>
  );
}

function Earned({ of }: { of: Answer }) {
  const t = useTexts(texts);
  const f = useFormat();
  const all = of.ridesAggregate[0];
  return (
    <Figures>
      <Figure name={t('rides')} value={f.count(all?.count ?? '0')} />
      <Figure name={t('earned')} value={<Amount value={all?.sum.driverShare ?? '0'} />} />
      <Figure name={t('fares')} value={<Amount value={all?.sum.fare ?? '0'} />} />
      <Figure name={t('distance')} value={f.distance(Number(all?.sum.distanceM ?? 0))} />
      <Figure name={t('withdrawn')} value={<Amount value={of.seats[0]?.withdrawn ?? '0'} />} />
    </Figures>
  );
}

/** What the driver does now. The list of those on duty is in the order of their ids. */
function Duty({ id }: { id: number }) {
  const t = useTexts(texts);
  const query = useCall(
    'ops_drivers',
    { limit: 1, ...(id > 0 ? { after: id - 1 } : {}) },
    { refetchInterval: 5_000 },
  );
  return (
    <Section title={t('duty')}>
      <Answered query={query} rows={3}>
        {({ drivers }) => {
          const here = drivers.find((driver) => driver.id === id);
          return here === undefined ? <p className="o-none">{t('notOnDuty')}</p> : <Here driver={here} />;
        }}
      </Answered>
    </Section>
  );
}

function Here({ driver }: { driver: Driver }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const f = useFormat();
  const { vehicle, rating_permille: rating } = driver;
  return (
    <Facts
      facts={[
        [t('doing'), <Doing key="doing" driver={driver} />],
        [w('vehicle'), vehicle === undefined ? null : <VehicleName key="vehicle" id={vehicle} />],
        [
          t('rating'),
          rating === undefined ? t('unrated') : t('stars', { stars: f.decimal(rating / 1000, 2) }),
        ],
        [t('offers'), f.count(driver.offers)],
        [t('accepted'), f.count(driver.accepted)],
        [t('abandoned'), f.count(driver.abandoned)],
        [t('trips'), f.count(driver.trips)],
      ]}
    />
  );
}

function OnChain({ seat }: { seat: Seat }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const { history } = seat;
  const changes = history.filter(({ status }, at) => status !== null && status !== history[at - 1]?.status);
  return (
    <Section title={t('onChain')}>
      <Facts
        facts={[
          [
            w('account'),
            seat.account === null ? null : <AccountName key="account" account={seat.account} copy />,
          ],
          [t('seat'), String(seat.seat ?? '')],
          [
            t('life'),
            <ul key="life" className="o-plain">
              {changes.map((version) => (
                <li key={`${version.blockNumber}-${version.fact}`} className="o-row">
                  <SeatTag status={version.status} />
                  <Time at={version.time} />
                  <BlockLink number={version.blockNumber} />
                </li>
              ))}
            </ul>,
          ],
        ]}
      />
    </Section>
  );
}

function LastRides({ rides }: { rides: Answer['rides'] }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const f = useFormat();
  if (rides.length === 0) return <Empty text={t('noRides')} />;
  return (
    <Section title={t('lastRides')}>
      <Table
        size="small"
        aria-label={t('lastRides')}
        rowKey="id"
        pagination={false}
        scroll={{ x: 'max-content' }}
        dataSource={rides}
        columns={[
          { title: w('order'), render: (_, { order }) => (order === null ? '' : <OrderName id={order} />) },
          { title: t('pickup'), render: (_, { pickup }) => (pickup === null ? '' : <Time at={pickup} />) },
          { title: w('state'), render: (_, { kind }) => t(kind === 'Cancelled' ? 'cancelled' : 'trip') },
          { title: t('distance'), align: 'right', render: (_, row) => f.distance(row.distanceM ?? 0) },
          { title: t('fare'), align: 'right', render: (_, { fare }) => <Amount value={fare ?? '0'} /> },
          {
            title: t('share'),
            align: 'right',
            render: (_, row) => <Amount value={row.driverShare ?? '0'} />,
          },
        ]}
      />
    </Section>
  );
}

/** Suspends, lets drive again, or ends the work here: signed by the wallet. */
function Change({ id, state }: { id: number; state: SeatState | undefined }) {
  const t = useTexts(texts);
  const { message, modal } = App.useApp();
  const queries = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const set = async (status: SeatState) => {
    setBusy(true);
    const outcome = await submit(
      callOf('Drivers', 'set_status', {
        company: portal().company,
        driver: id,
        status: { type: status, value: undefined },
      }),
    );
    setBusy(false);
    if (outcome.result === 'done') void message.success(t('changed'));
    await queries.invalidateQueries({ queryKey: ['index'] });
  };
  const leave = () =>
    void modal.confirm({
      title: t('leaveSure', { id }),
      content: t('leaveText'),
      okText: t('leave'),
      okButtonProps: { danger: true },
      cancelText: t('keep'),
      onOk: () => void set('Left'),
    });
  return (
    <>
      {state === 'Active' ? (
        <Button disabled={isBusy} onClick={() => void set('Suspended')}>
          {t('suspend')}
        </Button>
      ) : null}
      {state === 'Suspended' ? (
        <Button disabled={isBusy} onClick={() => void set('Active')}>
          {t('activate')}
        </Button>
      ) : null}
      {state === 'Active' || state === 'Suspended' ? (
        <Button danger disabled={isBusy} onClick={leave}>
          {t('leave')}
        </Button>
      ) : null}
    </>
  );
}

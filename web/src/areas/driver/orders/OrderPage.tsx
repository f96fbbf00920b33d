import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useCall, useFollow } from '../../../api/hooks';
import type { Order } from '../../../api/methods';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Amount } from '../../../ui/Amount';
import { Failed, Loading } from '../../../ui/answers';
import { Copy } from '../../../ui/Copy';
import { Facts } from '../../../ui/Facts';
import { Page } from '../../../ui/Page';
import { StateTag } from '../../../ui/StateTag';
import { Time } from '../../../ui/Time';
import { PlaceLine } from '../ride/PlaceLine';
import { texts } from '../texts';
import { Receipt } from './Receipt';
import { RideRating } from './RideRating';
import { isCharged, toneOf } from './state';
import { orderTexts } from './texts';

const route = getRouteApi('/driver/orders/$order');

/** One order: what happened, what it came to, and its receipt from the chain. */
export function OrderPage() {
  const t = useTexts(orderTexts);
  const words = useTexts(texts);
  const { order: id } = route.useParams();
  const query = useCall('driver_order', { order: id });
  const [pushed, setPushed] = useState<Order | null>(null);
  useFollow(
    'order_subscribe',
    { order: id },
    { next: (change) => (change.kind === 'order' ? setPushed(change.order) : undefined) },
  );
  const order = pushed?.id === id ? pushed : query.data;
  return (
    <Page
      title={t('order', { order: id.slice(-6) })}
      tags={
        order?.state === undefined ? null : (
          <StateTag tone={toneOf(order.state)} text={words(`state_${order.state}`)} />
        )
      }
    >
      {order !== undefined ? (
        <Known order={order} />
      ) : query.error !== null ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : (
        <Loading rows={10} />
      )}
    </Page>
  );
}

function Known({ order }: { order: Order }) {
  const t = useTexts(orderTexts);
  return (
    <>
      <section className="d-panel">
        {order.origin === undefined ? null : <PlaceLine kind="pickup" place={order.origin} />}
        {order.destination === undefined ? null : <PlaceLine kind="destination" place={order.destination} />}
      </section>
      {isCharged(order) || order.state === 'settled' ? (
        <Receipt order={order} />
      ) : order.state === 'cancelled' ? (
        <p className="d-quiet">{t('noFare')}</p>
      ) : null}
      {order.cancellation === undefined ? null : <Cancelled cancellation={order.cancellation} />}
      <RideRating order={order} />
      <Course order={order} />
    </>
  );
}

function Cancelled(props: { cancellation: NonNullable<Order['cancellation']> }) {
  const t = useTexts(orderTexts);
  const { by, fault, fee, reason } = props.cancellation;
  return (
    <section className="d-panel">
      <Facts
        facts={[
          [t('cancelledBy'), by === undefined ? null : t(by)],
          [t('fault'), fault === undefined ? t('nobody') : t(fault)],
          [t('why'), reason],
          [t('fee'), <Amount key="fee" value={fee} />],
        ]}
      />
    </section>
  );
}

function Course({ order }: { order: Order }) {
  const t = useTexts(orderTexts);
  const words = useTexts(texts);
  const f = useFormat();
  const time = (at: number | undefined) => (at === undefined ? null : <Time at={at} />);
  const driven = order.receipt;
  return (
    <section className="d-panel" aria-labelledby="d-course">
      <h2 id="d-course" className="d-title">
        {t('course')}
      </h2>
      <Facts
        facts={[
          [
            t('number'),
            <span key="number" className="with-copy numbers">
              {order.id}
              <Copy text={order.id} />
            </span>,
          ],
          [t('class'), order.class === undefined ? null : words(order.class)],
          [t('vehicle'), order.offer === undefined ? null : String(order.offer.vehicle)],
          [t('quoted'), time(order.created_at_ms)],
          [t('booked'), time(order.pickup_at_ms)],
          [t('arrived'), time(order.arrived_at_ms)],
          [t('pickedUp'), time(order.picked_up_at_ms)],
          [t('started'), time(order.started_at_ms)],
          [t('ended'), time(order.ended_at_ms)],
          [
            t('measured'),
            driven === undefined
              ? null
              : [
                  f.distance(driven.distance_m),
                  f.duration(driven.duration_s * 1000),
                  driven.waiting_s === 0
                    ? null
                    : `${words('waiting')} ${f.duration(driven.waiting_s * 1000)}`,
                ]
                  .filter(Boolean)
                  .join(' · '),
          ],
          [
            t('surge'),
            driven === undefined || driven.surge_permille === 1000
              ? null
              : `× ${f.decimal(driven.surge_permille / 1000, 3)}`,
          ],
          [
            t('quote'),
            order.quote?.price === undefined ? null : <Amount key="quote" value={order.quote.price.total} />,
          ],
          [t('cap'), order.quote === undefined ? null : <Amount key="cap" value={order.quote.cap} />],
        ]}
      />
    </section>
  );
}

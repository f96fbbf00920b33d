import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Button, Segmented } from 'antd';
import { call } from '../../../api/call';
import type { Order } from '../../../api/methods';
import { formatDate } from '../../../format/times';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Amount } from '../../../ui/Amount';
import { Empty, Failed, Loading } from '../../../ui/answers';
import { Page } from '../../../ui/Page';
import { PathLink } from '../../../ui/PathLink';
import { StateTag } from '../../../ui/StateTag';
import { useNow } from '../../../ui/useNow';
import { midnight } from '../earnings/spans';
import { placeName } from '../ride/PlaceLine';
import { texts } from '../texts';
import { byDay, listedMs } from './days';
import { type Filter, filters } from './filter';
import { priceOf, toneOf } from './state';
import { orderTexts } from './texts';

const route = getRouteApi('/driver/orders');

/** Orders of a page. */
const pageSize = 30;

/** The driver's orders, by day, the newest first. */
export function OrdersPage() {
  const t = useTexts(orderTexts);
  const navigate = useNavigate();
  const { state } = route.useSearch();
  const query = useInfiniteQuery({
    queryKey: ['api', 'driver_orders', { state }],
    queryFn: ({ pageParam, signal }) =>
      call('driver_orders', { limit: pageSize, state, before: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });
  const choose = (chosen: Filter | 'all') =>
    void navigate({ to: '/driver/orders', search: chosen === 'all' ? {} : { state: chosen }, replace: true });
  const orders = query.data?.pages.flatMap((page) => page.orders);
  return (
    <Page title={t('orders')}>
      <Segmented
        block
        aria-label={t('state')}
        value={state ?? 'all'}
        onChange={choose}
        options={(['all', ...filters] as const).map((value) => ({ value, label: t(value) }))}
      />
      {orders === undefined ? (
        query.error !== null ? (
          <Failed error={query.error} retry={() => void query.refetch()} />
        ) : (
          <Loading rows={8} />
        )
      ) : orders.length === 0 ? (
        <Empty
          text={t(state === undefined ? 'noOrders' : 'noneOf')}
          action={<PathLink to="/driver">{t('toWork')}</PathLink>}
        />
      ) : (
        byDay(orders).map(({ day, orders }) => <Day key={day} day={day} orders={orders} />)
      )}
      {query.hasNextPage ? (
        <Button
          block
          size="large"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t('more')}
        </Button>
      ) : null}
    </Page>
  );
}

function Day(props: { day: string; orders: readonly Order[] }) {
  const t = useTexts(orderTexts);
  const f = useFormat();
  const nowMs = useNow(60_000);
  const { day, orders } = props;
  const name =
    day === formatDate(nowMs)
      ? t('today')
      : day === formatDate(midnight(nowMs, -1))
        ? t('yesterday')
        : f.day(day);
  return (
    <section className="d-day">
      <h2>{name}</h2>
      <ul className="d-list">
        {orders.map((order) => (
          <li key={order.id}>
            <Row order={order} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Row({ order }: { order: Order }) {
  const t = useTexts(texts);
  const f = useFormat();
  const price = priceOf(order);
  const { origin, destination } = order;
  return (
    <PathLink to={`/driver/orders/${order.id}`} className="d-row">
      <span className="d-row-head">
        <span className="numbers">{f.clock(listedMs(order)).slice(0, 5)}</span>
        <StateTag tone={toneOf(order.state)} text={t(`state_${order.state ?? 'accepted'}`)} />
        <strong className="d-row-end">{price === null ? '—' : <Amount value={price} fen />}</strong>
      </span>
      <span className="d-row-way">
        {origin === undefined ? '—' : placeName(origin)} →{' '}
        {destination === undefined ? '—' : placeName(destination)}
      </span>
    </PathLink>
  );
}

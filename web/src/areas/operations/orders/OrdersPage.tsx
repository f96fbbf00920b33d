import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Card, Table } from 'antd';
import type { ColumnsType } from 'antd/es/table';
import { useCall } from '../../../api/hooks';
import type { Order } from '../../../api/methods';
import { useTexts } from '../../../i18n/useTexts';
import { Amount } from '../../../ui/Amount';
import { Answered, Empty } from '../../../ui/answers';
import { Choice, Filters, Typed } from '../../../ui/Filters';
import { Page } from '../../../ui/Page';
import { Time } from '../../../ui/Time';
import { CursorPager, ListEnd } from '../list/CursorPager';
import { useSearchChange } from '../list/useSearchChange';
import '../operations.css';
import { DaysFilter } from '../parts/DaysFilter';
import { spanOf } from '../parts/days';
import { isDriverNumber } from '../parts/driverNumber';
import { DriverName, OrderName, orderPath } from '../parts/names';
import { texts as words } from '../texts';
import { OrderStateTag } from './OrderStateTag';
import { placeName } from './places';
import { orderStates } from './states';
import { stateTexts } from './stateTexts';
import { texts } from './texts';

const route = getRouteApi('/operations/orders');

export function OrdersPage() {
  const t = useTexts(texts);
  const w = useTexts(words);
  const s = useTexts(stateTexts);
  const { state, driver, from, until, cursor } = route.useSearch();
  const days = { from, until };
  const change = useSearchChange();
  const navigate = useNavigate();
  const query = useCall(
    'ops_orders',
    {
      limit: 25,
      ...(state === undefined ? {} : { state }),
      ...(driver === undefined ? {} : { driver: Number(driver) }),
      ...spanOf(days),
      ...(cursor === undefined ? {} : { before: cursor }),
    },
    { refetchInterval: cursor === undefined ? 10_000 : false },
  );
  const isFiltered = [state, driver, from, until].some((filter) => filter !== undefined);
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Card size="small">
        <Filters>
          <Choice
            label={w('state')}
            value={state}
            options={orderStates.map((value) => ({ value, label: s(value) }))}
            choose={(value) => change({ state: value })}
          />
          <DaysFilter days={days} change={change} />
          <Typed
            label={w('driver')}
            width={140}
            value={driver}
            choose={(value) => change({ driver: isDriverNumber(value) ? value : undefined })}
          />
          <Typed
            label={t('find')}
            value={undefined}
            choose={(id) => {
              if (id !== undefined && /^\d{1,20}$/.test(id)) void navigate({ to: orderPath(id) });
            }}
          />
        </Filters>
        <Answered
          query={query}
          rows={8}
          isEmpty={({ orders }) => orders.length === 0}
          empty={
            cursor === undefined ? (
              <Empty text={t(isFiltered ? 'noneFiltered' : 'none')} />
            ) : (
              <ListEnd byTime />
            )
          }
        >
          {({ orders, next }) => (
            <>
              <OrderTable orders={orders} />
              <CursorPager cursor={cursor} next={next} byTime />
            </>
          )}
        </Answered>
      </Card>
    </Page>
  );
}

function OrderTable({ orders }: { orders: readonly Order[] }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const s = useTexts(stateTexts);
  const columns: ColumnsType<Order> = [
    { title: w('order'), render: (_, { id }) => <OrderName id={id} /> },
    { title: w('state'), render: (_, { state }) => <OrderStateTag state={state} /> },
    { title: t('made'), render: (_, order) => <Time at={order.created_at_ms} /> },
    {
      title: t('fromTo'),
      render: (_, { origin, destination }) => `${placeName(origin)} → ${placeName(destination)}`,
      responsive: ['md'],
    },
    {
      title: t('class'),
      render: (_, order) => (order.class === undefined ? '' : s(order.class)),
      responsive: ['lg'],
    },
    {
      title: w('driver'),
      render: (_, { offer }) => (offer === undefined ? '' : <DriverName id={offer.driver} />),
    },
    { title: t('price'), align: 'right', render: (_, order) => <Price of={order} /> },
  ];
  return (
    <Table<Order>
      size="small"
      aria-label={t('title')}
      rowKey="id"
      pagination={false}
      scroll={{ x: 'max-content' }}
      dataSource={[...orders]}
      columns={columns}
    />
  );
}

/** What it came to; until then what was quoted. */
function Price({ of }: { of: Order }) {
  const t = useTexts(texts);
  if (of.receipt !== undefined) return <Amount value={of.receipt.total} />;
  if (of.cancellation !== undefined) return <Amount value={of.cancellation.fee} />;
  if (of.quote?.price === undefined) return null;
  return (
    <span className="o-quiet">
      <Amount value={of.quote.price.total} /> {t('quoted')}
    </span>
  );
}

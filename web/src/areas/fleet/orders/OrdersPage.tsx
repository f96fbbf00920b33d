import '../fleet.css';
import { getRouteApi } from '@tanstack/react-router';
import { Button, Card, Table } from 'antd';
import { useCall } from '../../../api/hooks';
import type { Order } from '../../../api/methods';
import { useTexts } from '../../../i18n/useTexts';
import { Amount } from '../../../ui/Amount';
import { Answered, Empty } from '../../../ui/answers';
import { Choice, Filters } from '../../../ui/Filters';
import { Page } from '../../../ui/Page';
import { StateTag } from '../../../ui/StateTag';
import { Time } from '../../../ui/Time';
import { CursorPager, ListEnd } from '../list/CursorPager';
import { useSearchChange } from '../list/useSearchChange';
import { VehicleName } from '../roster/VehicleName';
import { texts as words } from '../texts';
import { OrderDrawer } from './OrderDrawer';
import { amountOf, orderStates, orderTone } from './order';
import { orderTexts } from './texts';

const route = getRouteApi('/fleet/orders');

/** The company's orders. */
export function OrdersPage() {
  const t = useTexts(orderTexts);
  const w = useTexts(words);
  const { state, cursor, order } = route.useSearch();
  const change = useSearchChange();
  const query = useCall(
    'fleet_orders',
    {
      limit: 50,
      ...(state === undefined ? {} : { state }),
      ...(cursor === undefined ? {} : { before: cursor }),
    },
    { refetchInterval: cursor === undefined ? 10_000 : false },
  );
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Card size="small">
        <Filters>
          <Choice
            label={w('state')}
            value={state}
            options={orderStates.map((value) => ({ value, label: t(value) }))}
            choose={(value) => change({ state: value })}
            width={220}
          />
        </Filters>
        <Answered
          query={query}
          rows={8}
          isEmpty={({ orders }) => orders.length === 0 && cursor !== undefined}
          empty={<ListEnd byTime />}
        >
          {({ orders, next }) => (
            <>
              <OrderTable
                orders={orders}
                emptyText={state === undefined ? t('none') : w('noMatch')}
                open={(id) => change({ order: id, cursor })}
              />
              <CursorPager cursor={cursor} next={next} byTime />
            </>
          )}
        </Answered>
      </Card>
      <OrderDrawer
        id={order}
        listed={query.data?.orders.find(({ id }) => id === order)}
        isListRead={query.data !== undefined}
        close={() => change({ order: undefined, cursor })}
      />
    </Page>
  );
}

function OrderTable(props: { orders: readonly Order[]; emptyText: string; open: (id: string) => void }) {
  const t = useTexts(orderTexts);
  const w = useTexts(words);
  const named = (place: Order['origin']) => place?.name || t('noPlace');
  return (
    <Table<Order>
      size="small"
      aria-label={t('title')}
      rowKey="id"
      dataSource={[...props.orders]}
      pagination={false}
      scroll={{ x: 'max-content' }}
      locale={{ emptyText: <Empty text={props.emptyText} /> }}
      columns={[
        {
          key: 'order',
          title: t('order'),
          render: (_, row) => (
            <Button
              type="link"
              size="small"
              className="numbers"
              style={{ padding: 0 }}
              onClick={() => props.open(row.id)}
            >
              {row.id}
            </Button>
          ),
        },
        {
          key: 'state',
          title: w('state'),
          render: (_, { state }) =>
            state === undefined ? null : <StateTag tone={orderTone(state)} text={t(state)} />,
        },
        { key: 'made', title: t('made'), render: (_, row) => <Time at={row.created_at_ms} /> },
        {
          key: 'price',
          title: t('price'),
          align: 'right',
          render: (_, row) => {
            const amount = amountOf(row);
            return amount === undefined ? '—' : <Amount value={amount} fen />;
          },
        },
        {
          key: 'vehicle',
          title: w('vehicle'),
          render: (_, { offer }) =>
            offer === undefined ? <span className="f-quiet">—</span> : <VehicleName id={offer.vehicle} />,
        },
        {
          key: 'driver',
          title: w('driver'),
          align: 'right',
          render: (_, { offer }) => offer?.driver ?? <span className="f-quiet">—</span>,
        },
        {
          key: 'class',
          title: t('class'),
          render: (_, row) => (row.class === undefined ? '' : t(row.class)),
          responsive: ['md'],
        },
        {
          key: 'route',
          title: t('route'),
          render: (_, row) => (
            <span className="f-told">{`${named(row.origin)} → ${named(row.destination)}`}</span>
          ),
          responsive: ['lg'],
        },
      ]}
    />
  );
}

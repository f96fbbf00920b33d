import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useCall, useFollow, useMay } from '../../../api/hooks';
import type { Order } from '../../../api/methods';
import { useTexts } from '../../../i18n/useTexts';
import { Answered, Loading } from '../../../ui/answers';
import { Page } from '../../../ui/Page';
import '../operations.css';
import { Section } from '../parts/Section';
import { EndOrder } from './EndOrder';
import { Explanations } from './Explanations';
import { CancelledFacts, FareFacts, OrderFacts, SettlementFacts } from './OrderFacts';
import { OrderHistory } from './OrderHistory';
import { OrderStateTag } from './OrderStateTag';
import { isCancellable } from './states';
import { texts } from './texts';

const OrderMap = lazy(async () => ({ default: (await import('./OrderMap')).OrderMap }));

const route = getRouteApi('/operations/orders/$order');

export function OrderPage() {
  const t = useTexts(texts);
  const { order: id } = route.useParams();
  const query = useCall('ops_order', { order: id });
  const history = useCall('ops_history', { order: id });
  const explanation = useCall('ops_explain', { order: id });
  const mayEnd = useMay('ops_cancel');
  useChanges(id);
  const order = query.data;
  return (
    <Page
      title={t('one', { id })}
      tags={order === undefined ? null : <OrderStateTag state={order.state} />}
      extra={mayEnd && order !== undefined && isCancellable(order.state) ? <EndOrder order={id} /> : null}
    >
      <Answered query={query} rows={8}>
        {(found) => <Known order={found} />}
      </Answered>
      <Section title={t('history')}>
        <Answered query={history} rows={6}>
          {({ events }) => <OrderHistory events={events} />}
        </Answered>
      </Section>
      <Section title={t('explanation')}>
        <Answered query={explanation} rows={6}>
          {({ decisions }) => <Explanations decisions={decisions} />}
        </Answered>
      </Section>
    </Page>
  );
}

/** Asks again when the order changes. */
function useChanges(order: string): void {
  const queries = useQueryClient();
  useFollow(
    'order_subscribe',
    { order },
    {
      next: () => {
        for (const method of ['ops_order', 'ops_history', 'ops_explain'] as const) {
          void queries.invalidateQueries({ queryKey: ['api', method, { order }] });
        }
      },
    },
  );
}

function Known({ order }: { order: Order }) {
  const t = useTexts(texts);
  return (
    <>
      <div className="o-columns">
        <Section title={t('overview')}>
          <OrderFacts order={order} />
        </Section>
        <Section title={t('places')}>
          <Suspense fallback={<Loading rows={8} />}>
            <OrderMap order={order} />
          </Suspense>
        </Section>
      </div>
      <div className="o-columns">
        {order.cancellation === undefined ? null : (
          <Section title={t('cancelled')}>
            <CancelledFacts of={order.cancellation} />
          </Section>
        )}
        {order.receipt === undefined ? null : (
          <Section title={t('fare')}>
            <FareFacts of={order.receipt} />
          </Section>
        )}
        {order.settlement === undefined && order.receipt === undefined ? null : (
          <Section title={t('settlement')}>
            <SettlementFacts order={order} />
          </Section>
        )}
      </div>
    </>
  );
}

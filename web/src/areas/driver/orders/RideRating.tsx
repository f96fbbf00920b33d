import { Rate } from 'antd';
import type { Order } from '../../../api/methods';
import { useTexts } from '../../../i18n/useTexts';
import { useWork } from '../work/context';
import { orderTexts } from './texts';

/** Stars that were given and received; those for the rider can still be given. */
export function RideRating({ order }: { order: Order }) {
  const t = useTexts(orderTexts);
  const { take, waiting } = useWork();
  if (order.state !== 'completed' && order.state !== 'settled') return null;
  if (order.cancellation !== undefined) return null;
  const sent = waiting.find((step) => step.method === 'driver_rate' && step.params.order === order.id);
  const given = order.rating_of_rider ?? (sent?.method === 'driver_rate' ? sent.params.stars : 0);
  return (
    <section className="d-panel">
      <div className="d-rate">
        <span id="d-given">{t('given')}</span>
        <Rate
          aria-labelledby="d-given"
          allowClear={false}
          disabled={given > 0}
          value={given}
          onChange={(stars) => take({ method: 'driver_rate', params: { order: order.id, stars } })}
        />
      </div>
      <div className="d-rate">
        <span id="d-received">{t('received')}</span>
        {order.rating_of_driver === undefined ? (
          <span className="d-quiet">{t('noStars')}</span>
        ) : (
          <Rate aria-labelledby="d-received" disabled value={order.rating_of_driver} />
        )}
      </div>
    </section>
  );
}

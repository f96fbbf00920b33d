import { Button, Rate } from 'antd';
import type { Order } from '../../../api/methods';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Amount } from '../../../ui/Amount';
import { Facts } from '../../../ui/Facts';
import { PathLink } from '../../../ui/PathLink';
import { texts } from '../texts';
import { useWork } from '../work/context';

/** The trip that just ended: what it came to, and stars for the rider. */
export function EndedPanel({ order }: { order: Order }) {
  const t = useTexts(texts);
  const f = useFormat();
  const { take, waiting, dismissEnded } = useWork();
  const price = order.receipt;
  const rating = waiting.find((step) => step.method === 'driver_rate' && step.params.order === order.id);
  return (
    <section className="d-panel" aria-labelledby="d-ended">
      <h2 id="d-ended" className="d-title">
        {t('tripEnded')}
      </h2>
      {price === undefined ? null : (
        <>
          <p className="d-total">
            <Amount value={price.total} />
          </p>
          <Facts
            facts={[
              [t('fare'), <Amount key="fare" value={price.fare} />],
              [t('tolls'), price.tolls === '0' ? null : <Amount key="tolls" value={price.tolls} />],
              [t('distance'), f.distance(price.distance_m)],
              [t('duration'), f.duration(price.duration_s * 1000)],
              [t('waiting'), price.waiting_s === 0 ? null : f.duration(price.waiting_s * 1000)],
            ]}
          />
        </>
      )}
      <div className="d-rate">
        <span id="d-rate">{t('rateRider')}</span>
        <Rate
          aria-labelledby="d-rate"
          allowClear={false}
          disabled={order.rating_of_rider !== undefined || rating !== undefined}
          value={order.rating_of_rider ?? (rating?.method === 'driver_rate' ? rating.params.stars : 0)}
          onChange={(stars) => take({ method: 'driver_rate', params: { order: order.id, stars } })}
        />
      </div>
      <Button className="d-big" type="primary" block onClick={dismissEnded}>
        {t('goOn')}
      </Button>
      <PathLink to={`/driver/orders/${order.id}`}>{t('showOrder')}</PathLink>
    </section>
  );
}

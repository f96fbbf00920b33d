import { useCall } from '../../../api/hooks';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Answered, Empty } from '../../../ui/answers';
import { PathLink } from '../../../ui/PathLink';
import { meTexts } from './texts';

/** Orders that are looked through for ratings. */
const among = 50;

/** Stars of the last rides, given and received. */
export function Ratings() {
  const t = useTexts(meTexts);
  const f = useFormat();
  const query = useCall('driver_orders', { limit: among });
  return (
    <section className="d-panel" aria-labelledby="d-ratings">
      <h2 id="d-ratings" className="d-title">
        {t('ratings')}
      </h2>
      <Answered query={query} rows={3}>
        {({ orders }) => {
          const rated = orders.filter(
            (order) => order.rating_of_driver !== undefined || order.rating_of_rider !== undefined,
          );
          if (rated.length === 0) return <Empty text={t('noRatings')} />;
          return (
            <ul className="d-list">
              {rated.slice(0, 10).map((order) => (
                <li key={order.id}>
                  <PathLink to={`/driver/orders/${order.id}`} className="d-row">
                    <span className="d-row-head">
                      <span className="numbers">{f.time(order.created_at_ms).slice(5, 16)}</span>
                      <span className="d-row-end d-stars">
                        <Stars name={t('received')} stars={order.rating_of_driver} />
                        <Stars name={t('given')} stars={order.rating_of_rider} />
                      </span>
                    </span>
                  </PathLink>
                </li>
              ))}
            </ul>
          );
        }}
      </Answered>
    </section>
  );
}

function Stars(props: { name: string; stars: number | undefined }) {
  const t = useTexts(meTexts);
  const { name, stars } = props;
  return (
    <span title={stars === undefined ? name : `${name}: ${t('stars', { stars })}`}>
      <span className="d-quiet">{name}</span> {stars === undefined ? '—' : `★${stars}`}
    </span>
  );
}

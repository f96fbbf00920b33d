import { SafetyCertificateOutlined } from '@ant-design/icons';
import { useCall, useSession } from '../../../api/hooks';
import type { Order } from '../../../api/methods';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { batchPath, ridePath } from '../../../route/paths';
import { Amount } from '../../../ui/Amount';
import { Answered } from '../../../ui/answers';
import { Facts } from '../../../ui/Facts';
import { Icon } from '../../../ui/Icon';
import { BlockLink, PathLink } from '../../../ui/links';
import { settledRideQuery } from './queries';
import { orderTexts } from './texts';

/** What the chain settled: who paid, who got what, and the way to its proof. */
export function Receipt({ order }: { order: Order }) {
  const t = useTexts(orderTexts);
  return (
    <section className="d-panel" aria-labelledby="d-receipt">
      <h2 id="d-receipt" className="d-title">
        {t('receipt')}
      </h2>
      {order.state === 'settled' || order.settlement?.block !== undefined ? (
        <Settled order={order} />
      ) : (
        <p className="d-quiet">{t('notSettled')}</p>
      )}
    </section>
  );
}

function Settled({ order }: { order: Order }) {
  const t = useTexts(orderTexts);
  const company = useSession()?.company ?? 0;
  const proven = useCall('order_receipt', { order: order.id });
  const batch = proven.data?.receipt.batch;
  const id = `${company}-${batch}-${order.id}`;
  const indexed = useAsk(settledRideQuery, { id }, { enabled: batch !== undefined, refetchInterval: 15_000 });
  const ride = indexed.data?.ride;
  return (
    <Answered query={proven} rows={5}>
      {({ receipt, row, batch }) => (
        <>
          <p className="d-total">
            <Amount value={receipt.driver_share} />
            <small className="d-quiet"> {t('yours')}</small>
          </p>
          <Facts
            facts={[
              [t('paidByRider'), <Amount key="paid" value={BigInt(receipt.fare) + BigInt(receipt.tolls)} />],
              [t('fare'), <Amount key="fare" value={receipt.fare} />],
              [t('tolls'), <Amount key="tolls" value={receipt.tolls} />],
              [t('platform'), ride?.platform == null ? null : <Amount key="p" value={ride.platform} />],
              [
                t('thirdParties'),
                ride?.thirdParties == null ? null : <Amount key="third" value={ride.thirdParties} />,
              ],
              [
                t('batch'),
                <PathLink key="batch" to={batchPath(`${receipt.company}-${batch.number}`)}>
                  {batch.number}
                </PathLink>,
              ],
              [t('row'), t('rowOf', { row: row + 1, rows: batch.rides })],
              [t('block'), <BlockLink key="block" number={batch.block} />],
            ]}
          />
          {indexed.data !== undefined && ride == null ? <p className="d-quiet">{t('indexLater')}</p> : null}
          <p className="d-quiet">{t('verifyHint')}</p>
          <div className="d-target-links d-links-row">
            <PathLink to={`/explorer/verify?ride=${id}`} className="d-link">
              <Icon of={SafetyCertificateOutlined} /> {t('verify')}
            </PathLink>
            <PathLink to={ridePath(id)} className="d-link">
              {t('lines')}
            </PathLink>
          </div>
        </>
      )}
    </Answered>
  );
}

import { Alert, Button, Drawer } from 'antd';
import { useLive } from '../../../api/hooks';
import type { Order } from '../../../api/methods';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Amount } from '../../../ui/Amount';
import { StateTag } from '../../../ui/StateTag';
import { useNarrow } from '../../../ui/useNarrow';
import { useNow } from '../../../ui/useNow';
import { metresFrom } from '../position/odometer';
import { PlaceLine } from '../ride/PlaceLine';
import { texts } from '../texts';
import { useWork } from '../work/context';
import { expiresMs, type ShownOffer, shareLeft } from './offer';
import { Ring } from './Ring';
import { useOffer } from './useOffer';

/** What is offered now, over whatever page is open: to take, or to leave. */
export function OfferSheet() {
  const t = useTexts(texts);
  const { shown, dismiss } = useOffer();
  const narrow = useNarrow(992);
  return (
    <Drawer
      open={shown !== null}
      placement={narrow ? 'bottom' : 'left'}
      size={narrow ? '100%' : 440}
      closable={false}
      mask={{ closable: false }}
      keyboard={false}
      title={shown?.end == null ? t('offer') : t(shown.end)}
      styles={{ body: { padding: 0 } }}
    >
      {shown === null ? null : shown.end === null ? (
        <Standing shown={shown} />
      ) : (
        <Over shown={shown} dismiss={dismiss} />
      )}
    </Drawer>
  );
}

function Standing({ shown }: { shown: ShownOffer }) {
  const t = useTexts(texts);
  const f = useFormat();
  const nowMs = useNow(250);
  const lost = useLive() !== 'open';
  const { take, waiting } = useWork();
  const { order } = shown;
  const answer = waiting.find(({ params }) => params.order === order.id);
  const attempt = order.offer?.attempt ?? 0;
  const seconds = Math.max(0, Math.ceil((expiresMs(order) - nowMs) / 1000));
  return (
    <div className="d-offer">
      <div className="d-offer-head">
        <Ring
          share={shareLeft(shown, nowMs)}
          text={String(seconds)}
          label={t('secondsLeft', { count: seconds })}
        />
        <div className="d-offer-price">
          {order.quote?.price === undefined ? null : <Amount value={order.quote.price.total} fen />}
          <span className="d-quiet">{t('quotedPrice')}</span>
        </div>
      </div>
      <Ride order={order} />
      {lost ? <Alert type="warning" showIcon title={t('offerNoConnection')} /> : null}
      {answer === undefined ? null : (
        <p role="status" className="d-quiet">
          {t('answerSent', { time: f.clock(answer.madeMs) })}
        </p>
      )}
      <div className="d-answers">
        <Button
          className="d-big"
          disabled={answer !== undefined}
          onClick={() => take({ method: 'driver_decline', params: { order: order.id, attempt } })}
        >
          {t('decline')}
        </Button>
        <Button
          className="d-big"
          type="primary"
          autoFocus
          loading={answer?.method === 'driver_accept'}
          disabled={answer !== undefined}
          onClick={() => take({ method: 'driver_accept', params: { order: order.id, attempt } })}
        >
          {t('accept')}
        </Button>
      </div>
    </div>
  );
}

/** Where it goes, how far it is to there, and how far it goes. */
function Ride({ order }: { order: Order }) {
  const t = useTexts(texts);
  const f = useFormat();
  const { fix } = useWork().tracking;
  const { origin, destination, offer, quote } = order;
  const away = fix === null || origin === undefined ? null : metresFrom(fix, origin);
  return (
    <div className="d-offer-ride">
      <p className="d-tags">
        {order.class === undefined ? null : <StateTag tone="plain" text={t(order.class)} />}
        {order.pickup_at_ms === undefined ? null : (
          <StateTag tone="warn" text={t('bookedFor', { time: f.time(order.pickup_at_ms).slice(5, 16) })} />
        )}
        {offer?.forward === true ? <StateTag tone="busy" text={t('afterThisTrip')} /> : null}
      </p>
      {origin === undefined ? null : (
        <PlaceLine
          kind="pickup"
          place={origin}
          note={[
            away === null ? null : t('beeline', { distance: f.distance(away) }),
            offer === undefined ? null : t('etaPickup', { time: f.duration(offer.eta_s * 1000) }),
          ]}
        />
      )}
      {destination === undefined ? null : (
        <PlaceLine
          kind="destination"
          place={destination}
          note={
            quote?.price === undefined
              ? []
              : [
                  t('tripLength', { distance: f.distance(quote.price.distance_m) }),
                  t('tripTime', { time: f.duration(quote.price.duration_s * 1000) }),
                ]
          }
        />
      )}
    </div>
  );
}

function Over({ shown, dismiss }: { shown: ShownOffer; dismiss: () => void }) {
  const t = useTexts(texts);
  const end = shown.end ?? 'gone';
  return (
    <div className="d-offer">
      <p role="status" className="d-over">
        {t(`${end}What`)}
      </p>
      <Ride order={shown.order} />
      <div className="d-answers">
        <Button className="d-big" type="primary" autoFocus onClick={dismiss}>
          {t('goOn')}
        </Button>
      </div>
    </div>
  );
}

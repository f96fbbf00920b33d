import { CompassOutlined } from '@ant-design/icons';
import { App, Button } from 'antd';
import { useState } from 'react';
import type { Order } from '../../../api/methods';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Amount } from '../../../ui/Amount';
import { Icon } from '../../../ui/Icon';
import { useNow } from '../../../ui/useNow';
import { texts } from '../texts';
import { useWork } from '../work/context';
import { canAbandon, nextStep, waitingSinceMs } from '../work/steps';
import { CompleteForm } from './CompleteForm';
import { NoShowForm } from './NoShowForm';
import { amapLink, geoLink } from './navigation';
import { PlaceLine } from './PlaceLine';
import { StartCode } from './StartCode';

/** The ride that is driven: where to, and the next step. */
export function RidePanel({ order }: { order: Order }) {
  const t = useTexts(texts);
  const f = useFormat();
  const { way, next } = useWork();
  const { origin, destination } = order;
  const inVehicle = order.state === 'picked_up' || order.state === 'in_trip';
  const price = order.quote?.price;
  return (
    <section className="d-panel" aria-labelledby="d-ride">
      <div className="d-spread">
        <h2 id="d-ride" className="d-title">
          {t(`state_${order.state ?? 'accepted'}`)}
        </h2>
        {price === undefined ? null : (
          <span className="d-price">
            <Amount value={price.total} fen />
          </span>
        )}
      </div>
      {order.state === 'arrived' ? <Waiting order={order} /> : null}
      {origin === undefined || inVehicle ? null : order.state === 'arrived' ? (
        <PlaceLine kind="pickup" place={origin} />
      ) : (
        <Target kind="pickup" place={origin} />
      )}
      {destination === undefined ? null : inVehicle ? (
        <Target kind="destination" place={destination} />
      ) : (
        <PlaceLine
          kind="destination"
          place={destination}
          note={price === undefined ? [] : [t('tripLength', { distance: f.distance(price.distance_m) })]}
        />
      )}
      {inVehicle ? (
        <p className="d-quiet">
          {way === null || way.metres === 0
            ? t('measuring')
            : t('drivenSoFar', { distance: f.distance(way.metres) })}
          {order.picked_up_at_ms === undefined ? null : <Since at={order.picked_up_at_ms} />}
        </p>
      ) : null}
      {order.pickup_at_ms === undefined || inVehicle ? null : (
        <p className="d-quiet">{t('bookedFor', { time: f.time(order.pickup_at_ms).slice(5, 16) })}</p>
      )}
      <Steps order={order} />
      {next === null ? null : <p className="d-quiet">{t('nextOrder', { order: next.id.slice(-6) })}</p>}
    </section>
  );
}

function Since({ at }: { at: number }) {
  const f = useFormat();
  const nowMs = useNow(1_000);
  return <> · {f.duration(Math.max(0, nowMs - at))}</>;
}

/** How long the driver has waited: it is paid from here, by the tariff. */
function Waiting({ order }: { order: Order }) {
  const t = useTexts(texts);
  const f = useFormat();
  const nowMs = useNow(1_000);
  const since = waitingSinceMs(order);
  if (since === null) return <p className="d-waiting">{t('arrivalWaits')}</p>;
  // Who was booked for later. Else the page's time is a moment behind the arrival.
  if (order.pickup_at_ms !== undefined && since > nowMs)
    return <p className="d-waiting">{t('waitingFrom', { time: f.clock(since).slice(0, 5) })}</p>;
  return (
    <p className="d-waiting" role="timer" aria-label={t('waiting')}>
      {t('waiting')} <strong className="numbers">{f.countdown(Math.max(0, nowMs - since))}</strong>
    </p>
  );
}

function Target(props: { kind: 'pickup' | 'destination'; place: NonNullable<Order['origin']> }) {
  const t = useTexts(texts);
  return (
    <div className="d-target">
      <PlaceLine kind={props.kind} place={props.place} />
      <div className="d-target-links">
        <a className="d-link" href={geoLink(props.place)}>
          <Icon of={CompassOutlined} /> {t('navigate')}
        </a>
        <a className="d-link" href={amapLink(props.place)} target="_blank" rel="noreferrer">
          {t('amap')}
        </a>
      </div>
    </div>
  );
}

/** The step that leads on, large; and the ways out. */
function Steps({ order }: { order: Order }) {
  const t = useTexts(texts);
  const { take, waiting, ride, way } = useWork();
  const { modal } = App.useApp();
  const [form, setForm] = useState<'complete' | 'noShow' | null>(null);
  const params = { order: order.id };
  const sent = waiting.filter((step) => step.params.order === order.id);
  const isSent = (method: string) => sent.some((step) => step.method === method);
  const step = nextStep(order.state);
  const leaving = isSent('driver_abandon') || isSent('driver_no_show') || isSent('driver_complete');
  const busy = ride?.id !== order.id;

  const abandon = () =>
    void modal.confirm({
      title: t('driver_abandon'),
      content: t('abandonWhat'),
      okText: t('giveBack'),
      okButtonProps: { danger: true },
      cancelText: t('back'),
      onOk: () => take({ method: 'driver_abandon', params }),
    });

  return (
    <>
      {step === 'driver_pick_up' ? (
        <StartCode
          // After a wrong code the fields are empty again.
          key={isSent('driver_pick_up') ? 'sent' : 'typed'}
          disabled={isSent('driver_pick_up') || leaving}
          done={(start_code) => take({ method: 'driver_pick_up', params: { ...params, start_code } })}
        />
      ) : null}
      {step === 'driver_set_off' || step === 'driver_arrive' || step === 'driver_start' ? (
        <Button
          className="d-big"
          type="primary"
          block
          disabled={leaving || busy}
          onClick={() => take({ method: step, params })}
        >
          {t(step)}
        </Button>
      ) : null}
      {step === 'driver_complete' ? (
        <Button
          className="d-big"
          type="primary"
          block
          loading={isSent('driver_complete')}
          disabled={leaving}
          onClick={() => setForm('complete')}
        >
          {t('driver_complete')}
        </Button>
      ) : null}
      <div className="d-ways-out">
        {order.state === 'arrived' ? (
          <Button type="text" disabled={leaving} onClick={() => setForm('noShow')}>
            {t('driver_no_show')}
          </Button>
        ) : null}
        {canAbandon(order.state) ? (
          <Button type="text" danger disabled={leaving} onClick={abandon}>
            {t('driver_abandon')}
          </Button>
        ) : null}
      </div>
      {form === 'complete' ? (
        <CompleteForm
          order={order}
          way={way}
          close={() => setForm(null)}
          done={(distance_m, tolls_fen) => {
            setForm(null);
            take({ method: 'driver_complete', params: { ...params, distance_m, tolls_fen } });
          }}
        />
      ) : null}
      {form === 'noShow' ? (
        <NoShowForm
          close={() => setForm(null)}
          done={(reason) => {
            setForm(null);
            take({ method: 'driver_no_show', params: { ...params, reason } });
          }}
        />
      ) : null}
    </>
  );
}

import { Timeline } from 'antd';
import type { ReactNode } from 'react';
import type { Event } from '../../../api/methods';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { portal } from '../../../portal';
import { batchPath } from '../../../route/paths';
import { Amount } from '../../../ui/Amount';
import { BlockLink } from '../../../ui/links';
import { PathLink } from '../../../ui/PathLink';
import { Time } from '../../../ui/Time';
import { DriverName } from '../parts/names';
import { type EventDetails, readDetails } from './details';
import { historyTexts } from './historyTexts';
import { stateTexts } from './stateTexts';

type Name = Exclude<keyof typeof historyTexts.en, `with${string}`>;

const colours: Readonly<Partial<Record<string, string>>> = {
  completed: 'green',
  settled: 'green',
  cancelled: 'red',
  expired: 'red',
  held: 'red',
  refused: 'red',
  declined: 'orange',
  lapsed: 'orange',
  abandoned: 'orange',
};

/** Everything that happened to an order, as a line of time, with how long each step took. */
export function OrderHistory({ events }: { events: readonly Event[] }) {
  const f = useFormat();
  return (
    <Timeline
      items={events.map((event, at) => {
        const before = events[at - 1];
        return {
          key: event.sequence,
          color: colours[event.name] ?? 'blue',
          content: (
            <div>
              <strong>
                <EventName name={event.name} />
              </strong>{' '}
              <Said name={event.name} details={readDetails(event.details)} />
              <div className="o-note">
                <Time at={event.at_ms} />
                {before === undefined ? null : ` · +${f.duration(event.at_ms - before.at_ms)}`}
              </div>
            </div>
          ),
        };
      })}
    />
  );
}

function isKnown(name: string): name is Name {
  return name in historyTexts.en && !name.startsWith('with');
}

function EventName({ name }: { name: string }) {
  const t = useTexts(historyTexts);
  return <>{isKnown(name) ? t(name) : name}</>;
}

/** What an event says, in words. */
function Said({ name, details: d }: { name: string; details: EventDetails }): ReactNode {
  const t = useTexts(historyTexts);
  const s = useTexts(stateTexts);
  const f = useFormat();
  switch (name) {
    case 'quoted':
      return d.fare === undefined ? null : (
        <>
          <Amount value={d.fare} /> · {f.distance(d.distance_m ?? 0)} ·{' '}
          {f.duration((d.duration_s ?? 0) * 1000)}
        </>
      );
    case 'placed':
      return d.booked === true ? t('withBooked') : null;
    case 'offered':
      return d.driver === undefined ? null : (
        <>
          <DriverName id={d.driver} /> · {t('withEta', { time: f.duration((d.eta_s ?? 0) * 1000) })}
          {d.forward === true ? ` · ${t('withForward')}` : null}
        </>
      );
    case 'completed':
      return (
        <>
          {f.distance(d.distance_m ?? 0)} · {f.duration((d.duration_s ?? 0) * 1000)} ·{' '}
          <Amount value={BigInt(d.fare ?? '0') + BigInt(d.tolls ?? '0')} />
        </>
      );
    case 'cancelled':
      return (
        <>
          {d.by === undefined ? null : t('withBy', { who: s(d.by) })}
          {d.fault === undefined ? null : ` · ${t('withFault', { who: s(d.fault) })}`}
          {d.reason === undefined || d.reason === '' ? null : ` · “${d.reason}”`} ·{' '}
          <Amount value={d.fee ?? '0'} />
        </>
      );
    case 'rated':
      return d.by === undefined
        ? null
        : `${t('withBy', { who: s(d.by) })} · ${'★'.repeat(Math.min(d.stars ?? 0, 5))}`;
    case 'refused':
      return <span className="code">{d.refusal}</span>;
    case 'held':
      return d.reason ?? null;
    case 'batched':
      return d.batch === undefined ? null : (
        <PathLink to={batchPath(`${portal().company}-${d.batch}`)}>
          {t('withBatch', { number: d.batch })}
        </PathLink>
      );
    case 'settled':
      return d.block === undefined ? null : <BlockLink number={d.block} />;
    default:
      return null;
  }
}

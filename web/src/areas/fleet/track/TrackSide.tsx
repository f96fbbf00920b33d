import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Answer } from '../../../api/http';
import type { Coordinates } from '../../../api/methods';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { type LngLat, metresBetween, type TrackFix } from '../../../map';
import { Answered } from '../../../ui/answers';
import { Facts } from '../../../ui/Facts';
import { StateTag } from '../../../ui/StateTag';
import { Time } from '../../../ui/Time';
import { severityTones, useAlertWords } from '../alerts/alert';
import { texts } from './texts';

/** What the track comes to, and what happened on it; a click shows where. */
export function TrackSide(props: {
  fixes: readonly TrackFix[];
  stops: UseQueryResult<Answer<'telemetry_stops'>, Error>;
  alerts: UseQueryResult<Answer<'telemetry_alerts'>, Error>;
  goTo: (place: LngLat) => void;
}) {
  const t = useTexts(texts);
  const f = useFormat();
  const say = useAlertWords();
  const { fixes } = props;
  const sums = useMemo(() => sumsOf(fixes), [fixes]);
  const [first, last] = [fixes[0], fixes.at(-1)];
  const show = (place: Coordinates | undefined) => {
    if (place !== undefined) props.goTo([place.longitude, place.latitude]);
  };
  return (
    <div className="f-panel">
      <div className="f-panel-head">
        <strong>{t('fixes', { count: fixes.length })}</strong>
        <Facts
          facts={[
            [t('distance'), f.distance(sums.metres)],
            [t('fastest'), f.speed(sums.fastest)],
            [t('first'), first === undefined ? null : <Time key="f" at={first.timeMs} />],
            [t('last'), last === undefined ? null : <Time key="l" at={last.timeMs} />],
          ]}
        />
      </div>
      <div className="f-panel-body">
        <h2 className="f-heading f-panel-pad">{t('alerts')}</h2>
        <Answered
          query={props.alerts}
          rows={1}
          isEmpty={({ alerts }) => alerts.length === 0}
          empty={<p className="f-none f-panel-pad">{t('noAlerts')}</p>}
        >
          {({ alerts }) => (
            <ul className="f-plain">
              {alerts.map((alert) => (
                <li key={alert.id}>
                  <button type="button" className="f-item" onClick={() => show(alert.place)}>
                    <StateTag
                      tone={severityTones[alert.severity ?? 'info'] ?? 'plain'}
                      text={say.kind(alert.kind)}
                    />
                    <span className="f-item-sub numbers">{f.time(alert.opened_ms)}</span>
                  </button>
                </li>
              ))}
            </ul>
          )}
        </Answered>
        <h2 className="f-heading f-panel-pad">{t('stops')}</h2>
        <Answered
          query={props.stops}
          rows={1}
          isEmpty={({ stops }) => stops.length === 0}
          empty={<p className="f-none f-panel-pad">{t('noStops')}</p>}
        >
          {({ stops }) => (
            <ul className="f-plain">
              {stops.map((stop) => (
                <li key={stop.from_ms}>
                  <button type="button" className="f-item" onClick={() => show(stop.place)}>
                    <span>{f.duration(stop.until_ms - stop.from_ms)}</span>
                    <span className="f-item-sub numbers">{f.time(stop.from_ms)}</span>
                  </button>
                </li>
              ))}
            </ul>
          )}
        </Answered>
      </div>
    </div>
  );
}

/** A silence so long is no way that was driven (docs/telemetry.md). */
const silenceMs = 10 * 60_000;

function sumsOf(fixes: readonly TrackFix[]): { metres: number; fastest: number } {
  let metres = 0;
  let fastest = 0;
  for (const [index, fix] of fixes.entries()) {
    fastest = Math.max(fastest, fix.speedKmh);
    const before = fixes[index - 1];
    if (before !== undefined && fix.timeMs - before.timeMs <= silenceMs)
      metres += metresBetween(before.place, fix.place);
  }
  return { metres, fastest };
}

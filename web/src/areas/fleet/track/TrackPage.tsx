import '../fleet.css';
import { getRouteApi } from '@tanstack/react-router';
import { Alert, Button, Card } from 'antd';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useCall } from '../../../api/hooks';
import { useTexts } from '../../../i18n/useTexts';
import {
  boundsOf,
  type Datum,
  datumOf,
  type MapHandle,
  MapView,
  type TrackEvent,
  TrackLayer,
  TrackPlayer,
  type TrackStop,
} from '../../../map';
import { portal } from '../../../portal';
import { Empty, Failed, Loading } from '../../../ui/answers';
import { Page } from '../../../ui/Page';
import { useAlertWords } from '../alerts/alert';
import { useExport } from '../list/useExport';
import { useSearchChange } from '../list/useSearchChange';
import { usePlates } from '../roster/useRoster';
import { type Asked, quickSpan, spanFault } from './asked';
import { SpanForm } from './SpanForm';
import { TrackSide } from './TrackSide';
import { texts } from './texts';
import { type Track, useTrack } from './useTrack';

const route = getRouteApi('/fleet/track');
const formats = ['gpx', 'csv', 'geojson', 'parquet'] as const;
const formatNames = { gpx: 'GPX', csv: 'CSV', geojson: 'GeoJSON', parquet: 'Parquet' } as const;

/** Replays where a vehicle was. */
export function TrackPage() {
  const t = useTexts(texts);
  const { vehicle, from, until } = route.useSearch();
  const change = useSearchChange();
  const [opened] = useState(() => quickSpan('hours6', Math.ceil(Date.now() / 60_000) * 60_000));
  const asked: Asked = { fromMs: from ?? opened.fromMs, untilMs: until ?? opened.untilMs };
  const isGood = vehicle !== undefined && spanFault(asked) === null;
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      extra={isGood ? <Exports vehicle={vehicle} asked={asked} /> : undefined}
    >
      <Card size="small">
        <SpanForm
          key={`${vehicle} ${asked.fromMs} ${asked.untilMs}`}
          vehicle={vehicle}
          asked={asked}
          show={(id, span) => change({ vehicle: id, from: span.fromMs, until: span.untilMs })}
        />
      </Card>
      {isGood ? <Replay vehicle={vehicle} asked={asked} /> : <Empty text={t('choose')} />}
    </Page>
  );
}

function Exports({ vehicle, asked }: { vehicle: number; asked: Asked }) {
  const t = useTexts(texts);
  const { mutate, isPending } = useExport();
  return (
    <>
      {formats.map((format) => (
        <Button
          key={format}
          size="small"
          disabled={isPending}
          onClick={() =>
            mutate({
              what: 'track',
              format,
              vehicles: [vehicle],
              from_ms: asked.fromMs,
              until_ms: asked.untilMs,
            })
          }
        >
          {t('exportAs', { format: formatNames[format] })}
        </Button>
      ))}
    </>
  );
}

function Replay({ vehicle, asked }: { vehicle: number; asked: Asked }) {
  const t = useTexts(texts);
  const datum = datumOf(portal().tiles);
  const { query, read } = useTrack(vehicle, asked, datum);
  if (query.error !== null) return <Failed error={query.error} retry={() => void query.refetch()} />;
  if (query.data === undefined)
    return (
      <Card size="small">
        <p className="f-none" role="status">
          {t('reading', { count: read })}
        </p>
        <Loading rows={8} />
      </Card>
    );
  if (query.data.fixes.length === 0) return <Empty text={t('none')} />;
  return <Drawn track={query.data} vehicle={vehicle} asked={asked} datum={datum} />;
}

function Drawn(props: { track: Track; vehicle: number; asked: Asked; datum: Datum }) {
  const t = useTexts(texts);
  const plate = usePlates();
  const { track, vehicle, asked, datum } = props;
  const { fixes } = track;
  const map = useRef<MapHandle>(null);
  const span = { from_ms: asked.fromMs, until_ms: asked.untilMs, vehicles: [vehicle], datum };
  const found = useCall('telemetry_stops', { ...span, limit: 500 });
  const noticed = useCall('telemetry_alerts', { ...span, limit: 200 });
  const say = useAlertWords();
  const stops = useMemo<TrackStop[]>(
    () =>
      (found.data?.stops ?? []).flatMap(({ place, from_ms, until_ms }) =>
        place === undefined
          ? []
          : [{ place: [place.longitude, place.latitude], fromMs: from_ms, untilMs: until_ms }],
      ),
    [found.data],
  );
  const alerts = noticed.data?.alerts ?? [];
  const events = alerts.flatMap(({ id, place, opened_ms, severity, kind }): TrackEvent[] =>
    place === undefined
      ? []
      : [
          {
            id,
            place: [place.longitude, place.latitude],
            timeMs: opened_ms,
            severity: severity ?? 'info',
            label: say.kind(kind),
          },
        ],
  );
  const bounds = useMemo(() => boundsOf(fixes.map(({ place }) => place)), [fixes]);
  useEffect(() => {
    if (bounds !== null) map.current?.fit(bounds);
  }, [bounds]);
  return (
    <>
      {track.isCut ? <Alert type="warning" showIcon title={t('cut', { count: fixes.length })} /> : null}
      <div className="f-mapped">
        <div className="f-mapped-map">
          <MapView
            label={t('mapOf', { plate: plate(vehicle) })}
            tiles={portal().tiles}
            ref={map}
            {...(bounds === null ? {} : { initial: { bounds } })}
            everything={() => bounds}
            covered={130}
          >
            <TrackLayer fixes={fixes} stops={stops} events={events} legend={false} />
            <TrackPlayer fixes={fixes} events={events} />
          </MapView>
        </div>
        <TrackSide
          fixes={fixes}
          stops={found}
          alerts={noticed}
          goTo={(place) => map.current?.goTo(place, 15)}
        />
      </div>
    </>
  );
}

import type { Feature, FeatureCollection } from 'geojson';
import type { MapLayerMouseEvent } from 'maplibre-gl';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { useFormat } from '../format/useFormat';
import { useTexts } from '../i18n/useTexts';
import { useMode } from '../theme/mode';
import { Anchored } from './Anchored';
import { BOLD_FONT } from './base/style';
import { useMap } from './context';
import type { LngLat } from './geo/place';
import { isThere, type Look, layerId, useGeoJson } from './layers';
import { mapTexts } from './texts';
import type { TrackFix } from './track/fixes';
import { runsOf } from './track/runs';
import { speedBands } from './track/speedColours';

/** Where a vehicle stood. */
export type TrackStop = { readonly place: LngLat; readonly fromMs: number; readonly untilMs: number };

/** Something that happened on the way, such as an alert. */
export type TrackEvent = {
  readonly id: string;
  readonly place: LngLat;
  readonly timeMs: number;
  readonly severity: 'info' | 'warning' | 'critical';
  /** What it says, in the language of the page. */
  readonly label: string;
};

export type TrackLayerProps = {
  /** In the order of their times. */
  readonly fixes: readonly TrackFix[];
  readonly stops?: readonly TrackStop[];
  readonly events?: readonly TrackEvent[];
  /** An event was clicked. */
  readonly onEvent?: (id: string) => void;
  readonly legend?: boolean;
};

const NO_STOPS: readonly TrackStop[] = [];
const NO_EVENTS: readonly TrackEvent[] = [];

/** A track in the colours of its speeds, with stops and events. */
export function TrackLayer({
  fixes,
  stops = NO_STOPS,
  events = NO_EVENTS,
  onEvent,
  legend = true,
}: TrackLayerProps) {
  const t = useTexts(mapTexts);
  const { colours } = useMap();
  const format = useFormat();
  const mode = useMode();
  const line = useMemo(() => lineData(fixes, mode), [fixes, mode]);
  const marks = useMemo(
    () =>
      markData(stops, events, (stop) => t('stop', { duration: format.duration(stop.untilMs - stop.fromMs) })),
    [stops, events, t, format],
  );
  const lineLooks = useMemo<Look[]>(
    () => [
      {
        id: 'track-case',
        type: 'line',
        filter: ['!', ['get', 'gap']],
        layout: { 'line-cap': 'round', 'line-join': 'round' },
        paint: { 'line-color': colours.outline, 'line-width': 7 },
      },
      {
        id: 'track-gap',
        type: 'line',
        filter: ['get', 'gap'],
        paint: { 'line-color': colours.offline, 'line-width': 2, 'line-dasharray': [2, 2] },
      },
      {
        id: 'track-line',
        type: 'line',
        filter: ['!', ['get', 'gap']],
        layout: { 'line-cap': 'round', 'line-join': 'round' },
        paint: { 'line-color': ['get', 'colour'], 'line-width': 4 },
      },
      {
        id: 'track-way',
        type: 'symbol',
        filter: ['!', ['get', 'gap']],
        minzoom: 12,
        layout: {
          'symbol-placement': 'line',
          'symbol-spacing': 90,
          'text-field': '>',
          'text-font': BOLD_FONT,
          'text-size': 13,
          'text-keep-upright': false,
          'text-allow-overlap': true,
        },
        paint: { 'text-color': colours.label, 'text-halo-color': colours.halo, 'text-halo-width': 1.6 },
      },
    ],
    [colours],
  );
  const markLooks = useMemo<Look[]>(
    () => [
      {
        id: 'track-marks',
        type: 'circle',
        paint: {
          'circle-radius': 9,
          'circle-color': [
            'match',
            ['get', 'kind'],
            'stop',
            colours.label,
            'critical',
            colours.alert,
            'warning',
            colours.destination,
            colours.accent,
          ],
          'circle-stroke-color': colours.outline,
          'circle-stroke-width': 2,
        },
      },
      {
        id: 'track-letters',
        type: 'symbol',
        layout: {
          'text-field': ['match', ['get', 'kind'], 'stop', 'P', 'info', 'i', '!'],
          'text-font': BOLD_FONT,
          'text-size': 12,
          'text-allow-overlap': true,
        },
        paint: { 'text-color': colours.outline },
      },
    ],
    [colours],
  );
  useGeoJson('track', 'track', line, lineLooks);
  useGeoJson('track-marks', 'track', marks, markLooks);
  return (
    <>
      <MarkCard onEvent={onEvent} />
      {legend && fixes.length > 1 && <SpeedLegend />}
    </>
  );
}

/** What the colours of a track mean. */
export function SpeedLegend() {
  return (
    <div className="slk-map-panel slk-map-legend">
      <SpeedScale />
    </div>
  );
}

/** The colours of speeds in a row, for legends. */
export function SpeedScale() {
  const t = useTexts(mapTexts);
  const mode = useMode();
  const format = useFormat();
  return (
    <div className="slk-map-speeds">
      <span>{t('speed')}</span>
      {speedBands(mode).map(({ fromKmh, toKmh, colour }) => (
        <span key={fromKmh}>
          <i style={{ background: colour }} />
          {Number.isFinite(toKmh) ? `${fromKmh}–${toKmh}` : t('over', { value: format.speed(fromKmh) })}
        </span>
      ))}
    </div>
  );
}

/** The card of the mark that is pointed at or was touched. */
function MarkCard({ onEvent }: { onEvent: ((id: string) => void) | undefined }) {
  const { map } = useMap();
  const [mark, setMark] = useState<{ place: LngLat; label: ReactNode } | null>(null);
  useEffect(() => {
    const id = layerId('track', 'track-marks');
    const show = (event: MapLayerMouseEvent) => {
      const feature = event.features?.[0];
      if (feature?.geometry.type !== 'Point') return;
      const [longitude = 0, latitude = 0] = feature.geometry.coordinates;
      setMark({ place: [longitude, latitude], label: String(feature.properties.label) });
      map.getCanvas().style.cursor = 'pointer';
    };
    const hide = () => {
      setMark(null);
      map.getCanvas().style.cursor = '';
    };
    const open = (event: MapLayerMouseEvent) => {
      show(event);
      const own: unknown = event.features?.[0]?.properties.id;
      if (typeof own === 'string' && own !== '') onEvent?.(own);
    };
    map.on('mousemove', id, show);
    map.on('mouseleave', id, hide);
    map.on('click', id, open);
    return () => {
      if (!isThere(map)) return;
      map.off('mousemove', id, show);
      map.off('mouseleave', id, hide);
      map.off('click', id, open);
    };
  }, [map, onEvent]);
  return mark && <Anchored at={() => mark.place}>{mark.label}</Anchored>;
}

function lineData(fixes: readonly TrackFix[], mode: 'light' | 'dark'): FeatureCollection {
  const bands = speedBands(mode);
  const features = runsOf(fixes).map(
    ({ band, line }): Feature => ({
      type: 'Feature',
      properties: { gap: band === null, colour: bands[band ?? 0]?.colour ?? '' },
      geometry: {
        type: 'LineString',
        coordinates: line.map(([longitude, latitude]) => [longitude, latitude]),
      },
    }),
  );
  return { type: 'FeatureCollection', features };
}

function markData(
  stops: readonly TrackStop[],
  events: readonly TrackEvent[],
  sayStop: (stop: TrackStop) => string,
): FeatureCollection {
  const point = (place: LngLat, properties: { kind: string; label: string; id: string }): Feature => ({
    type: 'Feature',
    properties,
    geometry: { type: 'Point', coordinates: [place[0], place[1]] },
  });
  return {
    type: 'FeatureCollection',
    features: [
      ...stops.map((stop) => point(stop.place, { kind: 'stop', label: sayStop(stop), id: '' })),
      ...events.map((event) =>
        point(event.place, { kind: event.severity, label: event.label, id: event.id }),
      ),
    ],
  };
}

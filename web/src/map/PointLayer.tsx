import type { FeatureCollection } from 'geojson';
import { Marker } from 'maplibre-gl';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { createPortal } from 'react-dom';
import { useTexts } from '../i18n/useTexts';
import { useMap } from './context';
import type { LngLat } from './geo/place';
import { type Look, useGeoJson } from './layers';
import { StateMark } from './StateMark';
import { mapTexts } from './texts';

export type PointLayerProps = {
  /** Where the rider is picked up. */
  readonly pickup?: LngLat | null;
  readonly destination?: LngLat | null;
  readonly driver?: { readonly place: LngLat; readonly heading?: number | null } | null;
  /** The way, where one is known. Missing: a straight dashed line from pick-up to destination. */
  readonly route?: readonly LngLat[] | null;
};

/** The places of an order: pick-up, destination, driver, and the way. */
export function PointLayer({
  pickup = null,
  destination = null,
  driver = null,
  route = null,
}: PointLayerProps) {
  const t = useTexts(mapTexts);
  const { colours } = useMap();
  const data = useMemo(() => wayData(route, pickup, destination), [route, pickup, destination]);
  const looks = useMemo<Look[]>(
    () => [
      {
        id: 'route-known',
        type: 'line',
        filter: ['get', 'known'],
        layout: { 'line-cap': 'round', 'line-join': 'round' },
        paint: { 'line-color': colours.accent, 'line-width': 5, 'line-opacity': 0.85 },
      },
      {
        id: 'route-straight',
        type: 'line',
        filter: ['!', ['get', 'known']],
        paint: { 'line-color': colours.label, 'line-width': 2, 'line-dasharray': [2, 2] },
      },
    ],
    [colours],
  );
  useGeoJson('route', 'route', data, looks);
  return (
    <>
      {pickup && (
        <Pin at={pickup} colour={colours.pickup} ink={colours.outline}>
          {t('pickup')}
        </Pin>
      )}
      {destination && (
        <Pin at={destination} colour={colours.destination} ink={colours.outline}>
          {t('destination')}
        </Pin>
      )}
      {driver && (
        <Mark at={driver.place} centred>
          <span
            role="img"
            aria-label={t('driver')}
            style={{ display: 'block', rotate: `${driver.heading ?? 0}deg` }}
          >
            <StateMark state="moving" colour={colours.accent} outline={colours.outline} size={30} />
          </span>
        </Mark>
      )}
    </>
  );
}

function Pin({
  at,
  colour,
  ink,
  children,
}: {
  at: LngLat;
  colour: string;
  ink: string;
  children: ReactNode;
}) {
  return (
    <Mark at={at}>
      <div className="slk-map-pin">
        <b style={{ background: colour, color: ink }}>{children}</b>
        <i style={{ background: colour }} />
      </div>
    </Mark>
  );
}

/** What React draws at a place of the map. */
function Mark({ at, centred = false, children }: { at: LngLat; centred?: boolean; children: ReactNode }) {
  const { map } = useMap();
  const [element] = useState(() => document.createElement('div'));
  const [longitude, latitude] = at;
  useEffect(() => {
    const marker = new Marker({ element, anchor: centred ? 'center' : 'bottom' });
    marker.setLngLat([longitude, latitude]).addTo(map);
    return () => {
      marker.remove();
    };
  }, [map, element, centred, longitude, latitude]);
  return createPortal(children, element);
}

function wayData(
  route: readonly LngLat[] | null,
  pickup: LngLat | null,
  destination: LngLat | null,
): FeatureCollection {
  const line = route ?? (pickup && destination ? [pickup, destination] : []);
  if (line.length < 2) return { type: 'FeatureCollection', features: [] };
  const coordinates = line.map((place) => [...place]);
  return {
    type: 'FeatureCollection',
    features: [
      {
        type: 'Feature',
        properties: { known: route !== null },
        geometry: { type: 'LineString', coordinates },
      },
    ],
  };
}

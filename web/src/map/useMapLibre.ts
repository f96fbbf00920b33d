import {
  AttributionControl,
  type GeoJSONSource,
  Map as MapLibre,
  type MapSourceDataEvent,
  ScaleControl,
  setWorkerUrl,
} from 'maplibre-gl';
// Its own file on this server: `worker-src 'self'` is enough, and nothing is evaluated.
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { language } from '../i18n/setup';
import { say } from '../i18n/texts';
import { useLanguage } from '../i18n/useTexts';
import { mode } from '../theme/mode';
import { type Detail, FINE_ZOOM, land } from './base/land';
import { palette } from './base/palette';
import { BEFORE_LAND, baseStyle, LAND } from './base/style';
import type { TilesKnown } from './base/useTiles';
import type { Bounds, LngLat } from './geo/place';
import { isThere, markGone } from './layers';
import { mapTexts } from './texts';

setWorkerUrl(workerUrl);

/** The middle of a map and its zoom (tiles of 512 pixels). */
export type View = { readonly centre: LngLat; readonly zoom: number };

/** What is wrong with the map. */
export type Trouble = 'no_webgl' | 'lost' | 'tiles' | 'land';

type Wishes = {
  readonly initial: View | { readonly bounds: Bounds } | undefined;
  readonly embedded: boolean;
  readonly onViewChange: ((view: View) => void) | undefined;
};

/** Where nothing else is wished: East Asia. */
const FIRST_VIEW: View = { centre: [108, 33], zoom: 3.2 };

/** Makes a map in a container, and takes it away again. The view outlives a map that has to be made anew. */
export function useMapLibre(
  container: RefObject<HTMLDivElement | null>,
  tiles: TilesKnown,
  wishes: Wishes,
): { map: MapLibre | null; trouble: Trouble | null } {
  const [map, setMap] = useState<MapLibre | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const spoken = useLanguage();
  const view = useRef<View | null>(null);
  const latest = useRef(wishes);
  latest.current = wishes;
  // MapLibre takes the sentences about two fingers and Ctrl when it is made, and never again.
  const gestures = wishes.embedded ? spoken : null;

  useEffect(() => {
    const element = container.current;
    if (!element || tiles.state !== 'known') return;
    if (!document.createElement('canvas').getContext('webgl2')) {
      setTrouble('no_webgl');
      return;
    }
    const made = new MapLibre({
      container: element,
      style: baseStyle(palette(mode()), language(), tiles.tiles),
      ...camera(view.current ?? latest.current.initial ?? FIRST_VIEW),
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      maxPitch: 0,
      maxZoom: 19,
      minZoom: 1,
      renderWorldCopies: false,
      cooperativeGestures: gestures !== null,
      locale: gestureTexts(),
      fadeDuration: 150,
    });
    made.touchZoomRotate.disableRotation();
    made.keyboard.disableRotation();
    made.addControl(new ScaleControl({ maxWidth: 120, unit: 'metric' }), 'bottom-left');
    const credit = tiles.tiles ? [] : ['Natural Earth'];
    made.addControl(new AttributionControl({ compact: false, customAttribution: credit }), 'bottom-right');
    made.on('load', () => setMap(made));
    made.on('moveend', () => {
      const { lng, lat } = made.getCenter();
      view.current = { centre: [lng, lat], zoom: made.getZoom() };
      latest.current.onViewChange?.(view.current);
    });
    made.on('webglcontextlost', () => setTrouble('lost'));
    made.on('webglcontextrestored', () => setTrouble(null));
    made.on('error', (problem) => {
      if ('sourceId' in problem && problem.sourceId === 'base:tiles') setTrouble('tiles');
      // A mistake of ours must not be silent.
      else reportError(problem.error);
    });
    if (!tiles.tiles) showLand(made, () => setTrouble('land'));
    return () => {
      setMap(null);
      setTrouble(null);
      markGone(made);
      made.remove();
    };
  }, [container, tiles, gestures]);

  return { map, trouble };
}

function camera(view: View | { readonly bounds: Bounds }) {
  if ('bounds' in view) {
    const { west, south, east, north } = view.bounds;
    const bounds: [number, number, number, number] = [west, south, east, north];
    return { bounds, fitBoundsOptions: { padding: 56, maxZoom: 16 } };
  }
  return { center: [view.centre[0], view.centre[1]] as [number, number], zoom: view.zoom };
}

function gestureTexts(): Record<string, string> {
  const t = say(mapTexts);
  return {
    'CooperativeGesturesHandler.WindowsHelpText': t('wheelHint'),
    'CooperativeGesturesHandler.MacHelpText': t('wheelHintMac'),
    'CooperativeGesturesHandler.MobileHelpText': t('touchHint'),
  };
}

/** Shows the coarse outline of land at once, and the fine one when somebody looks closely. */
function showLand(map: MapLibre, failed: () => void): void {
  let shown: Detail | null = null;
  // Only once the outline is drawn, not when it is there: cutting it into tiles takes the worker a while.
  const uncover = (event: MapSourceDataEvent) => {
    if (event.sourceId !== LAND || !event.isSourceLoaded) return;
    map.off('sourcedata', uncover);
    map.setLayoutProperty(BEFORE_LAND, 'visibility', 'none');
  };
  const show = async () => {
    const detail: Detail = shown === 'fine' || map.getZoom() >= FINE_ZOOM ? 'fine' : 'coarse';
    if (shown === detail) return;
    shown = detail;
    try {
      const data = await land(detail);
      if (!isThere(map)) return;
      map.getSource<GeoJSONSource>(LAND)?.setData(data);
      map.on('sourcedata', uncover);
    } catch {
      shown = null;
      failed();
    }
  };
  map.on('load', show);
  map.on('zoomend', show);
}

import 'maplibre-gl/dist/maplibre-gl.css';
import './map.css';
import { CompressOutlined, MinusOutlined, PlusOutlined } from '@ant-design/icons';
import { Alert, Button, Spin, theme } from 'antd';
import type { Map as MapLibre } from 'maplibre-gl';
import { type CSSProperties, type ReactNode, type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import { useLanguage, useTexts } from '../i18n/useTexts';
import { useMode } from '../theme/mode';
import { Icon } from '../ui/Icon';
import { palette } from './base/palette';
import { baseLayers } from './base/style';
import { useTiles } from './base/useTiles';
import { Context } from './context';
import { GridLabels } from './GridLabels';
import type { Bounds, LngLat } from './geo/place';
import { isThere, restyle } from './layers';
import { useStill } from './motion/useStill';
import { mapTexts } from './texts';
import { useMapLibre, type View } from './useMapLibre';

/** What a page may ask of its map. */
export type MapHandle = {
  /** Shows an area whole. */
  fit(bounds: Bounds): void;
  /** Goes to a place. */
  goTo(place: LngLat, zoom?: number): void;
};

export type MapViewProps = {
  /** What the map shows, for screen readers. */
  readonly label: string;
  /** `tiles` of portal.json. Null: the plain base. */
  readonly tiles?: string | null;
  /** What is shown at first. Changes later change nothing: ask by `ref`. */
  readonly initial?: View | { readonly bounds: Bounds };
  /** What the button "show everything" shows. Missing: there is no such button. */
  readonly everything?: () => Bounds | null;
  /** How many pixels at its bottom lie under a panel: what is shown whole stays above. */
  readonly covered?: number;
  /** Whether it lies in a page that scrolls: it then moves by two fingers, and zooms with Ctrl and the wheel. */
  readonly embedded?: boolean;
  /** After the map was moved. */
  readonly onViewChange?: (view: View) => void;
  readonly className?: string;
  readonly style?: CSSProperties;
  /** Layers, and what lies over the map. */
  readonly children?: ReactNode;
  readonly ref?: Ref<MapHandle>;
};

/** A map, as large as what is around it. Layers go inside. */
export function MapView(props: MapViewProps) {
  const t = useTexts(mapTexts);
  const language = useLanguage();
  const mode = useMode();
  const still = useStill();
  const tiles = useTiles(props.tiles ?? null);
  const container = useRef<HTMLDivElement>(null);
  const { map, trouble } = useMapLibre(container, tiles, {
    initial: props.initial,
    embedded: props.embedded === true,
    onViewChange: props.onViewChange,
  });
  const colours = palette(mode);
  const { covered = 0 } = props;
  const label = `${props.label}. ${t('hint')}`;

  useEffect(() => {
    if (!map || !isThere(map)) return;
    map.getCanvas().setAttribute('aria-label', label);
  }, [map, label]);
  useEffect(() => {
    if (!map || !isThere(map) || tiles.state !== 'known') return;
    for (const layer of baseLayers(palette(mode), language, tiles.tiles)) restyle(map, layer);
  }, [map, mode, language, tiles]);

  // What a page asked for before the map is there is shown once it is.
  const wish = useRef<((map: MapLibre) => void) | null>(null);
  useEffect(() => {
    if (!map || !isThere(map)) return;
    wish.current?.(map);
    wish.current = null;
  }, [map]);
  useImperativeHandle(props.ref, () => {
    const show = (look: (map: MapLibre) => void) => {
      if (map) look(map);
      else wish.current = look;
    };
    return {
      fit: (bounds) =>
        show((map) =>
          map.fitBounds(corners(bounds), { padding: around(covered), maxZoom: 16, animate: !still }),
        ),
      goTo: (place, zoom) =>
        show((map) =>
          map.easeTo({
            center: [place[0], place[1]],
            ...(zoom === undefined ? {} : { zoom }),
            animate: !still,
          }),
        ),
    };
  }, [map, still, covered]);

  const showAll = () => {
    const bounds = props.everything?.();
    if (bounds) map?.fitBounds(corners(bounds), { padding: around(covered), maxZoom: 16, animate: !still });
  };

  return (
    <div className={`slk-map ${props.className ?? ''}`} style={{ ...usePanelColours(), ...props.style }}>
      {trouble !== 'no_webgl' && <div ref={container} className="slk-map-canvas" />}
      {trouble === 'no_webgl' && (
        <div className="slk-map-sentence">
          <Alert type="warning" showIcon title={t('noWebGl')} />
        </div>
      )}
      {!map && !trouble && (
        <div className="slk-map-sentence">
          <Spin />
        </div>
      )}
      <div className="slk-map-notices" role="status">
        {trouble === 'lost' && <Alert type="warning" showIcon title={t('lost')} />}
        {trouble === 'land' && <Alert type="warning" showIcon closable title={t('landFails')} />}
        {(trouble === 'tiles' || tiles.failed) && (
          <Alert type="warning" showIcon closable title={t('tilesFail')} />
        )}
      </div>
      {map && (
        <Context value={{ map, colours, language, datum: tiles.datum, still }}>
          {tiles.state === 'known' && !tiles.tiles && <GridLabels />}
          <div className="slk-map-buttons">
            <Button
              icon={<Icon of={PlusOutlined} />}
              aria-label={t('zoomIn')}
              title={t('zoomIn')}
              onClick={() => map.zoomIn()}
            />
            <Button
              icon={<Icon of={MinusOutlined} />}
              aria-label={t('zoomOut')}
              title={t('zoomOut')}
              onClick={() => map.zoomOut()}
            />
            {props.everything && (
              <Button
                icon={<Icon of={CompressOutlined} />}
                aria-label={t('fit')}
                title={t('fit')}
                onClick={showAll}
              />
            )}
          </div>
          {props.children}
        </Context>
      )}
    </div>
  );
}

/** What stays free around what is shown whole. */
function around(covered: number) {
  return { top: 56, left: 56, right: 56, bottom: 56 + covered };
}

function corners(bounds: Bounds): [number, number, number, number] {
  return [bounds.west, bounds.south, bounds.east, bounds.north];
}

/** antd's colours for what lies over the map and is none of its components. */
function usePanelColours(): CSSProperties {
  const { token } = theme.useToken();
  const colours: Record<`--slk-${string}`, string> = {
    '--slk-fill': token.colorFillQuaternary,
    '--slk-panel': token.colorBgElevated,
    '--slk-text': token.colorText,
    '--slk-muted': token.colorTextSecondary,
    '--slk-faint': token.colorTextTertiary,
    '--slk-accent': token.colorPrimary,
    '--slk-shadow': token.boxShadowSecondary,
  };
  return colours;
}

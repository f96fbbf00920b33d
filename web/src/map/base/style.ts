import type { LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl';
import type { Language } from '../../i18n/setup';
import { cities } from './cities';
import type { Palette } from './palette';
import type { Tiles } from './tiles';

/** Fonts of the reader's system: without `glyphs` in a style MapLibre draws letters itself, and asks nobody for them. */
export const FONT = ['system-ui', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'sans-serif'];

/** The same, bold: MapLibre reads the weight out of the first name. The system has no such font and takes the next. */
export const BOLD_FONT = ['Bold', ...FONT];

/** Sources of the base. */
export const LAND = 'base:land';
export const GRID = 'base:grid';

/** The layer that is hidden once land is there. */
export const BEFORE_LAND = 'base:before-land';

const CITY = 'base:cities';
const TILES = 'base:tiles';

/** Where a tile source is known to be pictures or vectors. */
export type KnownTiles = Tiles & { readonly kind: 'raster' | 'vector' };

const NOTHING: SourceSpecification = { type: 'geojson', data: { type: 'FeatureCollection', features: [] } };

/** The style of the base: tiles where a server is named, else land, water, a grid of degrees and names of cities. */
export function baseStyle(
  colours: Palette,
  language: Language,
  tiles: KnownTiles | null,
): StyleSpecification {
  const sources: Record<string, SourceSpecification> = tiles
    ? { [TILES]: tileSource(tiles) }
    : {
        [LAND]: {
          type: 'geojson',
          data: { type: 'FeatureCollection', features: [] },
          maxzoom: 12,
          tolerance: 0.5,
        },
        [GRID]: NOTHING,
        [CITY]: { type: 'geojson', data: cities() },
      };
  return { version: 8, sources, layers: baseLayers(colours, language, tiles) };
}

/** The layers of the base, in the colours of a mode and with the names of a language. */
export function baseLayers(
  colours: Palette,
  language: Language,
  tiles: KnownTiles | null,
): LayerSpecification[] {
  if (!tiles) return plainLayers(colours, language);
  const background: LayerSpecification = {
    id: 'base:background',
    type: 'background',
    paint: { 'background-color': colours.land },
  };
  if (tiles.kind === 'vector') return [background, ...vectorLayers(colours, language)];
  return [
    background,
    { id: 'base:tiles', type: 'raster', source: TILES, paint: { 'raster-fade-duration': 150 } },
  ];
}

function tileSource(tiles: KnownTiles): SourceSpecification {
  const attribution = tiles.attribution ? { attribution: tiles.attribution } : {};
  const where = tiles.url.includes('{z}') ? { tiles: [tiles.url] } : { url: tiles.url };
  if (tiles.kind === 'vector') return { type: 'vector', ...where, ...attribution };
  return { type: 'raster', tileSize: 256, ...where, ...attribution };
}

function plainLayers(colours: Palette, language: Language): LayerSpecification[] {
  return [
    { id: 'base:water', type: 'background', paint: { 'background-color': colours.water } },
    // Until the outline of land is there nobody is shown at sea.
    { id: BEFORE_LAND, type: 'background', paint: { 'background-color': colours.land } },
    {
      id: 'base:land',
      type: 'fill',
      source: LAND,
      paint: { 'fill-color': colours.land, 'fill-antialias': false },
    },
    { id: 'base:coast', type: 'line', source: LAND, paint: { 'line-color': colours.coast, 'line-width': 1 } },
    {
      id: 'base:grid',
      type: 'line',
      source: GRID,
      filter: ['!', ['get', 'major']],
      paint: { 'line-color': colours.grid, 'line-width': 1 },
    },
    {
      id: 'base:grid-major',
      type: 'line',
      source: GRID,
      filter: ['get', 'major'],
      paint: { 'line-color': colours.gridMajor, 'line-width': 1 },
    },
    {
      id: 'base:city-dots',
      type: 'circle',
      source: CITY,
      filter: ['<=', ['get', 'zoom'], ['zoom']],
      maxzoom: 13,
      paint: {
        'circle-radius': 2.5,
        'circle-color': colours.halo,
        'circle-stroke-color': colours.label,
        'circle-stroke-width': 1,
      },
    },
    {
      id: 'base:city-names',
      type: 'symbol',
      source: CITY,
      filter: ['<=', ['get', 'zoom'], ['zoom']],
      maxzoom: 13,
      layout: {
        'text-field': ['get', language],
        'text-font': FONT,
        'text-size': ['interpolate', ['linear'], ['zoom'], 3, 11, 10, 15],
        'text-variable-anchor': ['left', 'right', 'top', 'bottom'],
        'text-radial-offset': 0.5,
        'symbol-sort-key': ['get', 'zoom'],
      },
      paint: { 'text-color': colours.label, 'text-halo-color': colours.halo, 'text-halo-width': 1.2 },
    },
  ];
}

/** Tiles in OpenMapTiles' layers. No borders and no names of countries are drawn: the approved map decides about those. */
function vectorLayers(colours: Palette, language: Language): LayerSpecification[] {
  const names = language === 'zh' ? ['name:zh-Hans', 'name:zh', 'name'] : ['name:en', 'name:latin', 'name'];
  const [first = 'name', second = 'name', third = 'name'] = names;
  return [
    {
      id: 'base:green',
      type: 'fill',
      source: TILES,
      'source-layer': 'landcover',
      paint: { 'fill-color': colours.green },
    },
    {
      id: 'base:water',
      type: 'fill',
      source: TILES,
      'source-layer': 'water',
      paint: { 'fill-color': colours.water },
    },
    {
      id: 'base:rivers',
      type: 'line',
      source: TILES,
      'source-layer': 'waterway',
      paint: { 'line-color': colours.water, 'line-width': 1.5 },
    },
    {
      id: 'base:buildings',
      type: 'fill',
      source: TILES,
      'source-layer': 'building',
      minzoom: 14,
      paint: { 'fill-color': colours.building },
    },
    {
      id: 'base:roads',
      type: 'line',
      source: TILES,
      'source-layer': 'transportation',
      filter: ['!', ['in', ['get', 'class'], ['literal', ['motorway', 'trunk', 'primary', 'secondary']]]],
      minzoom: 11,
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: {
        'line-color': colours.road,
        'line-width': ['interpolate', ['exponential', 1.6], ['zoom'], 11, 0.5, 18, 10],
      },
    },
    {
      id: 'base:roads-major',
      type: 'line',
      source: TILES,
      'source-layer': 'transportation',
      filter: ['in', ['get', 'class'], ['literal', ['motorway', 'trunk', 'primary', 'secondary']]],
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: {
        'line-color': colours.roadMajor,
        'line-width': ['interpolate', ['exponential', 1.6], ['zoom'], 6, 0.6, 18, 18],
      },
    },
    {
      id: 'base:names',
      type: 'symbol',
      source: TILES,
      'source-layer': 'place',
      filter: [
        'in',
        ['get', 'class'],
        ['literal', ['city', 'town', 'suburb', 'village', 'quarter', 'neighbourhood']],
      ],
      layout: {
        'text-field': ['coalesce', ['get', first], ['get', second], ['get', third]],
        'text-font': FONT,
        'text-size': ['match', ['get', 'class'], 'city', 15, 'town', 13, 12],
        'text-max-width': 8,
      },
      paint: { 'text-color': colours.label, 'text-halo-color': colours.halo, 'text-halo-width': 1.2 },
    },
  ];
}

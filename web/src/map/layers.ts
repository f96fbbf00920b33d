import type { FeatureCollection } from 'geojson';
import type { CustomLayerInterface, GeoJSONSource, LayerSpecification, Map as MapLibre } from 'maplibre-gl';
import { useEffect, useRef } from 'react';
import { useMap } from './context';

/** What lies over what, from below. */
const RANKS = ['fences', 'track', 'route', 'clusters', 'vehicles', 'draft'] as const;

/** Where in the pile a layer lies. */
export type Rank = (typeof RANKS)[number];

type Drawn = Extract<LayerSpecification, { type: 'circle' | 'fill' | 'line' | 'symbol' }>;

/** A layer without what its source and its place give it. */
export type Look = Drawn extends infer Each
  ? Each extends Drawn
    ? Omit<Each, 'source' | 'id'> & { id: string }
    : never
  : never;

// `Object.entries` forgets which names there are.
type PaintName = Parameters<MapLibre['setPaintProperty']>[1];
type LayoutName = Parameters<MapLibre['setLayoutProperty']>[1];

const gone = new WeakSet<MapLibre>();

/** Remembers that a map was removed: React tells parents first, and layers must then leave it alone. */
export function markGone(map: MapLibre): void {
  gone.add(map);
}

/** Whether a map can still be spoken to. */
export function isThere(map: MapLibre): boolean {
  return !gone.has(map);
}

function rankOf(id: string): number {
  const match = /^over:(\d+):/.exec(id);
  return match ? Number(match[1]) : -1;
}

/** The id of a layer in the map. */
export function layerId(rank: Rank, name: string): string {
  return `over:${RANKS.indexOf(rank)}:${name}`;
}

/** Puts a layer into its place in the pile. */
export function addRanked(map: MapLibre, layer: LayerSpecification | CustomLayerInterface): void {
  const above = map.getLayersOrder().find((id) => rankOf(id) > rankOf(layer.id));
  map.addLayer(layer, above);
}

/** Gives an existing layer new colours, texts and filters. */
export function restyle(map: MapLibre, layer: LayerSpecification): void {
  if (!map.getLayer(layer.id)) return;
  for (const [name, value] of Object.entries(layer.paint ?? {}))
    map.setPaintProperty(layer.id, name as PaintName, value);
  for (const [name, value] of Object.entries(layer.layout ?? {}))
    map.setLayoutProperty(layer.id, name as LayoutName, value);
  if ('filter' in layer && layer.filter) map.setFilter(layer.id, layer.filter);
}

/** Shows GeoJSON in some layers of one rank as long as the component is there. `name` is unique on the map. */
export function useGeoJson(name: string, rank: Rank, data: FeatureCollection, looks: readonly Look[]): void {
  const { map } = useMap();
  const first = useRef({ data, looks });
  first.current = { data, looks };
  useEffect(() => {
    const source = `over:${name}`;
    map.addSource(source, { type: 'geojson', data: first.current.data, tolerance: 0.2 });
    const ids = first.current.looks.map((look) => {
      const layer = { ...look, id: layerId(rank, look.id), source } as LayerSpecification;
      addRanked(map, layer);
      return layer.id;
    });
    return () => {
      if (!isThere(map)) return;
      for (const id of ids) if (map.getLayer(id)) map.removeLayer(id);
      if (map.getSource(source)) map.removeSource(source);
    };
  }, [map, name, rank]);
  useEffect(() => {
    map.getSource<GeoJSONSource>(`over:${name}`)?.setData(data);
  }, [map, name, data]);
  useEffect(() => {
    for (const look of looks)
      restyle(map, { ...look, id: layerId(rank, look.id), source: `over:${name}` } as LayerSpecification);
  }, [map, name, rank, looks]);
}

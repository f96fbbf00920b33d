import type { FeatureCollection } from 'geojson';
import type { MapLayerMouseEvent } from 'maplibre-gl';
import { useEffect, useMemo, useState } from 'react';
import { BOLD_FONT } from '../base/style';
import { useMap } from '../context';
import { type Cluster, clustersOf } from '../geo/clusters';
import { latitudeOf, longitudeOf } from '../geo/place';
import { isThere, type Look, layerId, useGeoJson } from '../layers';
import type { FleetPositions } from '../motion/fleet';

/** How often clusters are counted anew while vehicles move, in milliseconds. */
const COUNT_MS = 1_000;

const NOTHING: FeatureCollection = { type: 'FeatureCollection', features: [] };
const NOBODY: ReadonlySet<number> = new Set();

/** When vehicles are put together: below a zoom, and from so many on. */
export type Clustering = { readonly belowZoom: number; readonly from: number };

/** Shows clusters where they are wanted. Answers the vehicles that are in them. */
export function useClusters(fleet: FleetPositions, { belowZoom, from }: Clustering): ReadonlySet<number> {
  const { map, colours } = useMap();
  const [found, setFound] = useState<{ data: FeatureCollection; hidden: ReadonlySet<number> }>({
    data: NOTHING,
    hidden: NOBODY,
  });
  useEffect(() => {
    let counted = -1;
    const count = () => {
      counted = fleet.revision;
      const wanted = map.getZoom() < belowZoom && fleet.size >= from;
      setFound((before) =>
        wanted
          ? together(fleet, map.getZoom())
          : before.hidden === NOBODY
            ? before
            : { data: NOTHING, hidden: NOBODY },
      );
    };
    count();
    const timer = setInterval(() => {
      if (fleet.revision !== counted) count();
    }, COUNT_MS);
    map.on('zoomend', count);
    return () => {
      clearInterval(timer);
      map.off('zoomend', count);
    };
  }, [map, fleet, belowZoom, from]);

  useEffect(() => {
    const id = layerId('clusters', 'clusters');
    const open = (event: MapLayerMouseEvent) => {
      const box: unknown = event.features?.[0]?.properties.box;
      if (typeof box !== 'string') return;
      const [west = 0, north = 0, east = 0, south = 0] = box.split(',').map(Number);
      map.fitBounds([west, south, east, north], {
        padding: 80,
        maxZoom: Math.max(belowZoom + 0.5, map.getZoom() + 2),
      });
    };
    const point = () => {
      map.getCanvas().style.cursor = 'pointer';
    };
    const leave = () => {
      map.getCanvas().style.cursor = '';
    };
    map.on('click', id, open);
    map.on('mouseenter', id, point);
    map.on('mouseleave', id, leave);
    return () => {
      if (!isThere(map)) return;
      map.off('click', id, open);
      map.off('mouseenter', id, point);
      map.off('mouseleave', id, leave);
    };
  }, [map, belowZoom]);

  const looks = useMemo<Look[]>(
    () => [
      {
        id: 'clusters',
        type: 'circle',
        paint: {
          'circle-radius': ['interpolate', ['linear'], ['log10', ['get', 'count']], 0, 12, 2, 20, 4, 30],
          'circle-color': ['case', ['>', ['get', 'alerts'], 0], colours.alert, colours.accent],
          'circle-opacity': 0.88,
          'circle-stroke-color': colours.outline,
          'circle-stroke-width': 2,
        },
      },
      {
        id: 'cluster-counts',
        type: 'symbol',
        layout: {
          'text-field': ['to-string', ['get', 'count']],
          'text-size': 12,
          'text-font': BOLD_FONT,
          'text-allow-overlap': true,
        },
        paint: { 'text-color': '#ffffff' },
      },
    ],
    [colours],
  );
  useGeoJson('clusters', 'clusters', found.data, looks);
  return found.hidden;
}

function together(
  fleet: FleetPositions,
  zoom: number,
): { data: FeatureCollection; hidden: ReadonlySet<number> } {
  const { table, size } = fleet;
  const nowMs = performance.now();
  const places = Array.from({ length: size }, (_, row) => {
    const { x, y } = fleet.shown(row, nowMs);
    return { x, y, alert: fleet.stateOf(row) === 'alert' };
  });
  const { clusters, alone } = clustersOf(places, zoom);
  const lonely = new Set(alone);
  const hidden = new Set<number>();
  for (let row = 0; row < size; row += 1) if (!lonely.has(row)) hidden.add(table.vehicle[row] ?? 0);
  return { data: { type: 'FeatureCollection', features: clusters.map(bubble) }, hidden };
}

function bubble({ count, alerts, x, y, box }: Cluster): FeatureCollection['features'][number] {
  const [west, north, east, south] = box;
  const corners = [longitudeOf(west), latitudeOf(north), longitudeOf(east), latitudeOf(south)];
  return {
    type: 'Feature',
    properties: { count, alerts, box: corners.join(',') },
    geometry: { type: 'Point', coordinates: [longitudeOf(x), latitudeOf(y)] },
  };
}

import type { FeatureCollection } from 'geojson';
import type { ExpressionSpecification, MapLayerMouseEvent } from 'maplibre-gl';
import { useEffect, useMemo } from 'react';
import { FONT } from './base/style';
import { useMap } from './context';
import { REAL_WIDTH, widthAtZoom0 } from './fences/drawn';
import { drawnGeometry, type FenceShape } from './fences/shape';
import { isThere, type Look, layerId, useGeoJson } from './layers';

/** A geofence that is there. */
export type ShownFence = { readonly id: number; readonly name: string; readonly shape: FenceShape };

export type FencesLayerProps = {
  readonly fences: readonly ShownFence[];
  readonly selected?: number | null;
  /** One was clicked. */
  readonly onSelect?: (id: number) => void;
};

/** The geofences of a company. */
export function FencesLayer({ fences, selected = null, onSelect }: FencesLayerProps) {
  const { map, colours } = useMap();
  const data = useMemo(() => fenceData(fences), [fences]);
  const looks = useMemo<Look[]>(() => {
    const chosen: ExpressionSpecification = ['==', ['get', 'id'], selected ?? 0];
    return [
      {
        id: 'fences-corridors',
        type: 'line',
        filter: ['>', ['get', 'width0'], 0],
        layout: { 'line-cap': 'round', 'line-join': 'round' },
        paint: { 'line-color': colours.accent, 'line-opacity': 0.14, 'line-width': REAL_WIDTH },
      },
      {
        id: 'fences-areas',
        type: 'fill',
        filter: ['==', ['geometry-type'], 'Polygon'],
        paint: { 'fill-color': colours.accent, 'fill-opacity': ['case', chosen, 0.2, 0.08] },
      },
      {
        id: 'fences-edges',
        type: 'line',
        layout: { 'line-join': 'round' },
        paint: { 'line-color': colours.accent, 'line-width': ['case', chosen, 3, 1.5] },
      },
      {
        id: 'fences-names',
        type: 'symbol',
        minzoom: 8,
        layout: { 'text-field': ['get', 'name'], 'text-font': FONT, 'text-size': 12, 'text-max-width': 10 },
        paint: { 'text-color': colours.label, 'text-halo-color': colours.halo, 'text-halo-width': 1.4 },
      },
    ];
  }, [colours, selected]);
  useGeoJson('fences', 'fences', data, looks);
  useEffect(() => {
    if (!onSelect) return;
    const layers = [layerId('fences', 'fences-areas'), layerId('fences', 'fences-corridors')];
    const select = (event: MapLayerMouseEvent) => {
      const id: unknown = event.features?.[0]?.properties.id;
      if (typeof id === 'number') onSelect(id);
    };
    map.on('click', layers, select);
    return () => {
      if (isThere(map)) map.off('click', layers, select);
    };
  }, [map, onSelect]);
  return null;
}

function fenceData(fences: readonly ShownFence[]): FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: fences.map(({ id, name, shape }) => ({
      type: 'Feature',
      properties: {
        id,
        name,
        width0: shape.kind === 'corridor' ? widthAtZoom0(shape.widthM, shape.line[0]?.[1] ?? 0) : 0,
      },
      geometry: drawnGeometry(shape),
    })),
  };
}

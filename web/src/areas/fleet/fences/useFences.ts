import { useQuery } from '@tanstack/react-query';
import type { Feature } from 'geojson';
import { call } from '../../../api/call';
import { useMay } from '../../../api/hooks';
import type { Geofence } from '../../../api/methods';
import { type Datum, type FenceProperties, type FenceShape, readShape } from '../../../map';
import { propertiesOf } from './properties';

/** A geofence, read. */
export interface Fence {
  readonly id: number;
  readonly name: string;
  readonly shape: FenceShape;
  readonly properties: FenceProperties;
  readonly version: number;
  readonly changedBy: string;
  readonly changedMs: number;
}

/** So many are shown on a map. A company may have more: they are found by their numbers. */
export const mostFences = 2_000;

/** All geofences of the company, by number. */
export function useFences(datum: Datum) {
  const may = useMay('telemetry_geofences');
  return useQuery({
    queryKey: ['api', 'telemetry_geofences', { all: datum }],
    enabled: may,
    staleTime: 60_000,
    queryFn: ({ signal }) => readFences(datum, signal),
  });
}

async function readFences(datum: Datum, signal: AbortSignal): Promise<readonly Fence[]> {
  const fences: Fence[] = [];
  let after: number | undefined;
  do {
    const page = await call('telemetry_geofences', { limit: 100, after }, { signal });
    for (const geofence of page.geofences) {
      const fence = readFence(geofence, datum);
      if (fence !== null) fences.push(fence);
    }
    after = page.next;
  } while (after !== undefined && fences.length < mostFences);
  return fences;
}

/** Null: it has a shape that this version does not know. */
export function readFence(geofence: Geofence, datum: Datum): Fence | null {
  const { feature, id, version } = geofence;
  if (feature === undefined || feature['type'] !== 'Feature') return null;
  // The api answers the GeoJSON that docs/telemetry.md describes.
  const read = feature as Record<string, unknown> & Feature;
  const shape = readShape(read, datum);
  if (shape === null) return null;
  const properties = propertiesOf(read.properties ?? {});
  return {
    id,
    name: properties.name ?? '',
    shape,
    properties,
    version,
    changedBy: geofence.changed_by,
    changedMs: geofence.changed_ms,
  };
}

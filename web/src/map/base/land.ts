import type { FeatureCollection } from 'geojson';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import fineUrl from 'world-atlas/land-10m.json?url';
import coarseUrl from 'world-atlas/land-50m.json?url';

/** From this zoom on the finer outline of land is shown. */
export const FINE_ZOOM = 5.5;

/** How finely land is drawn. */
export type Detail = 'coarse' | 'fine';

const loaded = new Map<Detail, Promise<FeatureCollection>>();

/**
 * Land as polygons, of Natural Earth's 1:50m or 1:10m, from this very server. Loaded once; what failed is tried anew.
 *
 * @throws when the file cannot be loaded
 */
export function land(detail: Detail): Promise<FeatureCollection> {
  const known = loaded.get(detail);
  if (known) return known;
  const loading = load(detail === 'fine' ? fineUrl : coarseUrl);
  loaded.set(detail, loading);
  loading.catch(() => loaded.delete(detail));
  return loading;
}

async function load(url: string): Promise<FeatureCollection> {
  const response = await fetch(url, { signal: AbortSignal.timeout(30_000) });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  const topology: Topology<{ land: GeometryCollection }> = await response.json();
  return feature(topology, topology.objects.land);
}

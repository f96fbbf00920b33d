import { useEffect, useMemo, useState } from 'react';
import type { KnownTiles } from './style';
import { type Datum, readTiles, type Tiles } from './tiles';

/** What is known of the base. `tiles` null: there is no tile server, or it does not answer: the plain base. */
export type TilesKnown = {
  readonly state: 'asking' | 'known';
  readonly tiles: KnownTiles | null;
  readonly failed: boolean;
  readonly datum: Datum;
};

/** How long a tile server may take to describe itself, in milliseconds. */
const PATIENCE_MS = 10_000;

/** Finds out what kind of tiles a server has. Asks nobody when the address says it. */
export function useTiles(text: string | null): TilesKnown {
  const tiles = useMemo(() => readTiles(text), [text]);
  const [asked, setAsked] = useState<{ of: Tiles; kind: KnownTiles['kind'] | null } | null>(null);
  useEffect(() => {
    if (!tiles || tiles.kind) return;
    const stop = new AbortController();
    kindOf(tiles.url, stop.signal).then(
      (kind) => setAsked({ of: tiles, kind }),
      () => stop.signal.aborted || setAsked({ of: tiles, kind: null }),
    );
    return () => stop.abort();
  }, [tiles]);
  return useMemo(() => known(tiles, text, asked?.of === tiles ? asked : null), [tiles, text, asked]);
}

function known(
  tiles: Tiles | null,
  text: string | null,
  asked: { kind: KnownTiles['kind'] | null } | null,
): TilesKnown {
  if (!tiles) return { state: 'known', tiles: null, failed: Boolean(text), datum: 'wgs84' };
  const kind = tiles.kind ?? asked?.kind ?? null;
  if (kind) return { state: 'known', tiles: { ...tiles, kind }, failed: false, datum: tiles.datum };
  // A server that is silent now may be back for the next page: data keeps its datum only where the tiles are.
  return {
    state: asked ? 'known' : 'asking',
    tiles: null,
    failed: asked !== null,
    datum: asked ? 'wgs84' : tiles.datum,
  };
}

async function kindOf(url: string, stop: AbortSignal): Promise<KnownTiles['kind']> {
  const response = await fetch(url, { signal: AbortSignal.any([stop, AbortSignal.timeout(PATIENCE_MS)]) });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  const description: unknown = await response.json();
  const isVector = typeof description === 'object' && description !== null && 'vector_layers' in description;
  return isVector ? 'vector' : 'raster';
}

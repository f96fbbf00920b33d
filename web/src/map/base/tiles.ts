/** What coordinates on a map are in: the API's `datum`. */
export type Datum = 'wgs84' | 'gcj02';

/** A tile server, as portal.json names it. */
export type Tiles = {
  /** A template with {z}, {x} and {y}, or the address of a TileJSON document. */
  readonly url: string;
  /** Pictures, or vector tiles in OpenMapTiles' layers. Null: the TileJSON document says it. */
  readonly kind: 'raster' | 'vector' | null;
  /** What the tiles' coordinates are in. */
  readonly datum: Datum;
  /** Who made the map, and under which approval. Shown on it. */
  readonly attribution: string;
};

/**
 * Reads `tiles` of portal.json: an address, with what it cannot say itself behind a `#`, as in
 * `https://tiles.example.cn/{z}/{x}/{y}.png#datum=gcj02&attribution=审图号：GS(2024)0001号`.
 * Null: it is no address that a browser could load from.
 */
export function readTiles(text: string | null | undefined): Tiles | null {
  if (!text) return null;
  const [url = '', said = ''] = split(text);
  const fits = /^https?:\/\//.test(url) || url.startsWith('/');
  if (!fits) return null;
  const words = new URLSearchParams(said);
  return {
    url,
    kind: kindOf(url),
    datum: words.get('datum') === 'gcj02' ? 'gcj02' : 'wgs84',
    attribution: words.get('attribution') ?? '',
  };
}

/** What coordinates are to be in for a map with these tiles: what to ask the API for. */
export function datumOf(tiles: string | null | undefined): Datum {
  return readTiles(tiles)?.datum ?? 'wgs84';
}

function split(text: string): [string, string] {
  const hash = text.indexOf('#');
  return hash < 0 ? [text, ''] : [text.slice(0, hash), text.slice(hash + 1)];
}

function kindOf(url: string): Tiles['kind'] {
  if (!url.includes('{z}')) return null;
  return /\.(pbf|mvt)([?]|$)/.test(url) ? 'vector' : 'raster';
}

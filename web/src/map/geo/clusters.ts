/** Vehicles that lie so close on the screen that they are drawn as one. */
export type Cluster = {
  /** How many they are. */
  readonly count: number;
  /** How many of them have an alert. */
  readonly alerts: number;
  /** The middle of them, in web Mercator. */
  readonly x: number;
  readonly y: number;
  /** The rectangle around them, in web Mercator: what to zoom to. */
  readonly box: readonly [west: number, north: number, east: number, south: number];
};

/** The side of a square of the grid, in pixels. */
export const CELL_PX = 72;

/** Where one is, in web Mercator, and whether it has an alert. */
export type Clustered = { readonly x: number; readonly y: number; readonly alert: boolean };

/**
 * Puts what shares a square of the grid together. The grid lies still in the world and doubles with each whole zoom, so that
 * nothing jumps while the map is dragged. `alone` has the indices of those that share theirs with nobody.
 */
export function clustersOf(
  places: readonly Clustered[],
  zoom: number,
): { clusters: Cluster[]; alone: number[] } {
  const cells = (512 * 2 ** Math.floor(zoom)) / CELL_PX;
  const members = new Map<string, number[]>();
  places.forEach((place, index) => {
    const key = `${Math.floor(place.x * cells)}:${Math.floor(place.y * cells)}`;
    const cell = members.get(key);
    if (cell) cell.push(index);
    else members.set(key, [index]);
  });
  const clusters: Cluster[] = [];
  const alone: number[] = [];
  for (const cell of members.values()) {
    const [only] = cell;
    if (cell.length === 1 && only !== undefined) alone.push(only);
    else clusters.push(clusterOf(cell.flatMap((index) => places[index] ?? [])));
  }
  return { clusters, alone };
}

function clusterOf(places: readonly Clustered[]): Cluster {
  const xs = places.map((place) => place.x);
  const ys = places.map((place) => place.y);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const least = (values: number[]) => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const most = (values: number[]) => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return {
    count: places.length,
    alerts: places.filter((place) => place.alert).length,
    x: mean(xs),
    y: mean(ys),
    box: [least(xs), least(ys), most(xs), most(ys)],
  };
}

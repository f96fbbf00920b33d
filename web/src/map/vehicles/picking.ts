import type { FleetPositions } from '../motion/fleet';

/** How near one must point, in pixels. */
const NEAR_PX = 14;

/**
 * The vehicle that is shown nearest to a place of web Mercator. Null: none is near. `hidden` are in clusters. Of two that are as
 * near, the one with the more important state.
 */
export function vehicleAt(
  fleet: FleetPositions,
  at: { readonly x: number; readonly y: number },
  zoom: number,
  nowMs: number,
  hidden: ReadonlySet<number>,
): number | null {
  const pixels = 512 * 2 ** zoom;
  const { table, size } = fleet;
  let nearest = NEAR_PX;
  let found: number | null = null;
  for (let row = 0; row < size; row += 1) {
    const vehicle = table.vehicle[row] ?? 0;
    const shown = fleet.shown(row, nowMs);
    // What is drawn on top wins by up to two pixels.
    const away = Math.hypot(shown.x - at.x, shown.y - at.y) * pixels - (table.state[row] ?? 0) * 0.6;
    if (away < nearest && !hidden.has(vehicle)) {
      nearest = away;
      found = vehicle;
    }
  }
  return found;
}

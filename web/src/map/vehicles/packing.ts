import { type FleetPositions, VEHICLE_STATES } from '../motion/fleet';

/** Numbers of one vehicle in the graphics card: the way (4), times and headings (4), state and whether it is chosen (2). */
export const FLOATS = 10;

/** What was packed, and against what its numbers are. */
export type Packed = {
  readonly count: number;
  /** Web Mercator of what is 0, 0 in it: single precision holds a city well, and the Earth badly. */
  readonly originX: number;
  readonly originY: number;
  /** The time that is 0 in it, by the clock of the page. */
  readonly clockMs: number;
};

/**
 * Writes the vehicles into a list of numbers for the graphics card: alerts last, so that they lie on top, and the chosen one after
 * them. `hidden` are in clusters. The list must have room for all.
 */
export function pack(
  fleet: FleetPositions,
  into: Float32Array,
  from: { readonly originX: number; readonly originY: number; readonly nowMs: number },
  chosen: number | null,
  hidden: ReadonlySet<number>,
): Packed {
  const { table, size } = fleet;
  const { originX, originY, nowMs } = from;
  const chosenRow = chosen === null ? undefined : fleet.rowOf(chosen);
  let count = 0;
  const write = (row: number) => {
    const vehicle = table.vehicle[row] ?? 0;
    if (hidden.has(vehicle)) return;
    let at = count * FLOATS;
    into[at++] = (table.fromX[row] ?? 0) - originX;
    into[at++] = (table.fromY[row] ?? 0) - originY;
    into[at++] = (table.toX[row] ?? 0) - originX;
    into[at++] = (table.toY[row] ?? 0) - originY;
    // A glide that is over long ago needs no precise times.
    into[at++] = Math.max(-60, ((table.beginMs[row] ?? 0) - nowMs) / 1_000);
    into[at++] = Math.max(-60, ((table.endMs[row] ?? 0) - nowMs) / 1_000);
    into[at++] = table.fromHeading[row] ?? 0;
    into[at++] = table.toHeading[row] ?? 0;
    into[at++] = table.state[row] ?? 0;
    into[at] = row === chosenRow ? 1 : 0;
    count += 1;
  };
  for (let state = 0; state < VEHICLE_STATES.length; state += 1) {
    for (let row = 0; row < size; row += 1) if (table.state[row] === state && row !== chosenRow) write(row);
  }
  if (chosenRow !== undefined) write(chosenRow);
  return { count, originX, originY, clockMs: nowMs };
}

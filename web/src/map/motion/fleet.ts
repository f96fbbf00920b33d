import { mercatorX, mercatorY, metresPerMercator } from '../geo/place';
import { glideMs, headingBetween, progress } from './glide';

/** How a vehicle is shown. */
export const VEHICLE_STATES = ['offline', 'idle', 'moving', 'alert'] as const;

/** How a vehicle is shown: in the order of their importance, the last is drawn on top. */
export type VehicleState = (typeof VEHICLE_STATES)[number];

/** What is told of a vehicle. */
export type VehicleReport = {
  /** Its number on the chain. */
  readonly vehicle: number;
  readonly longitude: number;
  readonly latitude: number;
  /** Degrees clockwise from north. */
  readonly heading: number;
  readonly state: VehicleState;
  /** When it was there, by the terminal's clock, in milliseconds of the Unix epoch. */
  readonly timeMs: number;
};

/** What became of a report. `stale`: an older time than what is known. `full`: there are as many vehicles as may be. */
export type Taken = 'taken' | 'stale' | 'full';

/** The most vehicles on a map. */
export const MOST_VEHICLES = 20_000;

/** Where a vehicle is shown: web Mercator and degrees. */
export type Shown = { x: number; y: number; heading: number };

/** The columns of the table, one row a vehicle. */
type Columns = {
  vehicle: Uint32Array;
  state: Uint8Array;
  fromX: Float64Array;
  fromY: Float64Array;
  toX: Float64Array;
  toY: Float64Array;
  fromHeading: Float32Array;
  toHeading: Float32Array;
  /** The glide, by the clock of the page. */
  beginMs: Float64Array;
  endMs: Float64Array;
  /** The terminal's clock. */
  timeMs: Float64Array;
};

function columns(rows: number): Columns {
  return {
    vehicle: new Uint32Array(rows),
    state: new Uint8Array(rows),
    fromX: new Float64Array(rows),
    fromY: new Float64Array(rows),
    toX: new Float64Array(rows),
    toY: new Float64Array(rows),
    fromHeading: new Float32Array(rows),
    toHeading: new Float32Array(rows),
    beginMs: new Float64Array(rows),
    endMs: new Float64Array(rows),
    timeMs: new Float64Array(rows),
  };
}

/**
 * Where vehicles are and how they glide to where they were last reported: a table of numbers beside React, so that thousands of
 * reports a second re-render nothing. Rows stay dense: the last one moves into the place of one that is removed.
 * Times named `nowMs` are those of `performance.now()`.
 */
export class FleetPositions {
  /** Grows with every change. */
  revision = 0;
  /** Until when some vehicle glides. */
  glidesUntilMs = 0;
  /** Whether vehicles glide. Off for people who want less motion. */
  gliding = true;

  #rows = 0;
  #columns = columns(256);
  readonly #rowOf = new Map<number, number>();
  readonly #listeners = new Set<() => void>();

  /** How many vehicles there are. */
  get size(): number {
    return this.#rows;
  }

  /** The table, of which the first `size` rows count. For drawing. */
  get table(): Readonly<Columns> {
    return this.#columns;
  }

  /** The row of a vehicle. Undefined: it is not there. */
  rowOf(vehicle: number): number | undefined {
    return this.#rowOf.get(vehicle);
  }

  /** Tells of every change, until the answer is called. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes a report. */
  put(report: VehicleReport, nowMs: number = performance.now()): Taken {
    const known = this.#rowOf.get(report.vehicle);
    if (known === undefined) return this.#append(report, nowMs);
    const table = this.#columns;
    const sinceLastMs = report.timeMs - (table.timeMs[known] ?? 0);
    if (sinceLastMs < 0) return 'stale';
    const [x, y] = [mercatorX(report.longitude), mercatorY(report.latitude)];
    const shown = this.shown(known, nowMs);
    const metres = Math.hypot(x - shown.x, y - shown.y) * metresPerMercator(y);
    const glide = this.gliding ? glideMs(sinceLastMs, metres) : 0;
    this.#write(known, report, glide > 0 ? shown : { x, y, heading: report.heading }, nowMs, glide);
    return 'taken';
  }

  /** Takes one away. One that is not there is away already. */
  remove(vehicle: number): void {
    const row = this.#rowOf.get(vehicle);
    if (row === undefined) return;
    const last = this.#rows - 1;
    const table = this.#columns;
    for (const column of Object.values(table)) column[row] = column[last] ?? 0;
    this.#rowOf.delete(vehicle);
    if (row !== last) this.#rowOf.set(table.vehicle[row] ?? 0, row);
    this.#rows = last;
    this.#changed();
  }

  /** Keeps only those that are asked for. */
  retain(keep: (vehicle: number) => boolean): void {
    for (const vehicle of [...this.#rowOf.keys()]) if (!keep(vehicle)) this.remove(vehicle);
  }

  /** Where the vehicle of a row is shown at a time. */
  shown(row: number, nowMs: number): Shown {
    const table = this.#columns;
    const part = progress(table.beginMs[row] ?? 0, table.endMs[row] ?? 0, nowMs);
    const [fromX, fromY] = [table.fromX[row] ?? 0, table.fromY[row] ?? 0];
    return {
      x: fromX + ((table.toX[row] ?? 0) - fromX) * part,
      y: fromY + ((table.toY[row] ?? 0) - fromY) * part,
      heading: headingBetween(table.fromHeading[row] ?? 0, table.toHeading[row] ?? 0, part),
    };
  }

  /** How many are in each state. */
  counts(): Record<VehicleState, number> {
    const counts: Record<VehicleState, number> = { offline: 0, idle: 0, moving: 0, alert: 0 };
    for (let row = 0; row < this.#rows; row += 1) counts[this.stateOf(row)] += 1;
    return counts;
  }

  /** The state of a row. */
  stateOf(row: number): VehicleState {
    return VEHICLE_STATES[this.#columns.state[row] ?? 0] ?? 'offline';
  }

  #append(report: VehicleReport, nowMs: number): Taken {
    if (this.#rows >= MOST_VEHICLES) return 'full';
    if (this.#rows === this.#columns.vehicle.length) this.#grow();
    const row = this.#rows;
    this.#rows += 1;
    this.#rowOf.set(report.vehicle, row);
    const here = { x: mercatorX(report.longitude), y: mercatorY(report.latitude), heading: report.heading };
    this.#write(row, report, here, nowMs, 0);
    return 'taken';
  }

  #grow(): void {
    const old = this.#columns;
    const grown = columns(Math.min(MOST_VEHICLES, old.vehicle.length * 2));
    for (const [name, column] of Object.entries(old)) {
      const key = name as keyof Columns;
      grown[key].set(column);
    }
    this.#columns = grown;
  }

  #write(row: number, report: VehicleReport, from: Shown, nowMs: number, glide: number): void {
    const table = this.#columns;
    table.vehicle[row] = report.vehicle;
    table.state[row] = VEHICLE_STATES.indexOf(report.state);
    table.fromX[row] = from.x;
    table.fromY[row] = from.y;
    table.fromHeading[row] = from.heading;
    table.toX[row] = mercatorX(report.longitude);
    table.toY[row] = mercatorY(report.latitude);
    table.toHeading[row] = report.heading;
    table.beginMs[row] = nowMs;
    table.endMs[row] = nowMs + glide;
    table.timeMs[row] = report.timeMs;
    this.glidesUntilMs = Math.max(this.glidesUntilMs, nowMs + glide);
    this.#changed();
  }

  #changed(): void {
    this.revision += 1;
    for (const listener of this.#listeners) listener();
  }
}

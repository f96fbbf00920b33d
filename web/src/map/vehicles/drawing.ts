import type { CustomLayerInterface, CustomRenderMethodInput, Map as MapLibre } from 'maplibre-gl';
import type { Palette } from '../base/palette';
import { mercatorX, mercatorY } from '../geo/place';
import { layerId } from '../layers';
import { type FleetPositions, MOST_VEHICLES } from '../motion/fleet';
import { FramePace } from './framePace';
import { FLOATS, type Packed, pack } from './packing';
import { compile, type Program } from './program';

/** How often changed positions go to the graphics card at most, in milliseconds. In between it glides them by itself. */
const PACK_MS = 100;

/** So far from what numbers are against may the middle of the map be, in web Mercator: about 40 km. */
const FARTHEST_ORIGIN = 0.001;

/**
 * All vehicles in one draw call. The graphics card moves each one along its way by the time of the frame, so a frame costs the same
 * whether ten or ten thousand move, and neither React nor MapLibre's worker is asked.
 */
export class VehicleDrawing implements CustomLayerInterface {
  readonly id = layerId('vehicles', 'vehicles');
  readonly type = 'custom';
  readonly renderingMode = '2d';
  /** The vehicle with a ring around it. */
  chosen: number | null = null;
  /** Those that are drawn as clusters instead. */
  hidden: ReadonlySet<number> = new Set();

  readonly #fleet: FleetPositions;
  #colours: Palette;
  #map: MapLibre | null = null;
  #program: Program | null = null;
  #numbers = new Float32Array(256 * FLOATS);
  #packed: Packed | null = null;
  #dirty = true;
  #unfollow: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #pace = new FramePace();

  constructor(fleet: FleetPositions, colours: Palette) {
    this.#fleet = fleet;
    this.#colours = colours;
  }

  onAdd(map: MapLibre, gl: WebGL2RenderingContext): void {
    this.#map = map;
    this.#program = compile(gl);
    this.#unfollow = this.#fleet.onChange(() => this.changed());
    this.changed();
  }

  onRemove(): void {
    this.#unfollow?.();
    this.#unfollow = null;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#program?.drop();
    this.#program = null;
    this.#map = null;
  }

  paint(colours: Palette): void {
    this.#colours = colours;
    this.#map?.triggerRepaint();
  }

  /** Positions, what is chosen or what is hidden changed: it is drawn within a tenth of a second, or half a one on a slow machine. */
  changed(): void {
    this.#dirty = true;
    if (!this.#map) return;
    const since = performance.now() - (this.#packed?.clockMs ?? 0);
    this.#later(Math.max(0, PACK_MS - since));
  }

  render(_gl: WebGL2RenderingContext, input: CustomRenderMethodInput): void {
    const [map, program] = [this.#map, this.#program];
    if (!map || !program) return;
    const nowMs = performance.now();
    const packed = this.#pack(map, program, nowMs);
    program.draw({
      matrix: moved(input.defaultProjectionData.mainMatrix, packed.originX, packed.originY),
      count: packed.count,
      nowS: (nowMs - packed.clockMs) / 1_000,
      pixels: map.getPixelRatio() * scaleAt(map.getZoom()),
      bearing: map.getBearing(),
      colours: this.#colours,
    });
    // The next frame is only asked for while something glides: a map that stands still costs nothing.
    if (this.#fleet.glidesUntilMs > nowMs) this.#again(map, this.#pace.next(nowMs));
    else this.#pace.rest();
  }

  #again(map: MapLibre, waitMs: number): void {
    if (waitMs === 0) map.triggerRepaint();
    else this.#later(waitMs);
  }

  #later(waitMs: number): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#map?.triggerRepaint();
    }, waitMs);
  }

  #pack(map: MapLibre, program: Program, nowMs: number): Packed {
    const { lng, lat } = map.getCenter();
    const [x, y] = [mercatorX(lng), mercatorY(lat)];
    const old = this.#packed;
    const far = !old || Math.hypot(x - old.originX, y - old.originY) > FARTHEST_ORIGIN;
    const due = this.#dirty && (!old || nowMs - old.clockMs >= PACK_MS);
    if (old && !far && !due) return old;
    if (this.#numbers.length < this.#fleet.size * FLOATS) {
      const room = Math.min(MOST_VEHICLES, Math.max(this.#fleet.size, (this.#numbers.length / FLOATS) * 2));
      this.#numbers = new Float32Array(room * FLOATS);
    }
    const packed = pack(
      this.#fleet,
      this.#numbers,
      { originX: x, originY: y, nowMs },
      this.chosen,
      this.hidden,
    );
    program.upload(this.#numbers.subarray(0, packed.count * FLOATS));
    this.#packed = packed;
    this.#dirty = false;
    return packed;
  }
}

/** Marks are smaller on a map of a country, and larger in a street. */
function scaleAt(zoom: number): number {
  return Math.max(0.6, Math.min(1.25, 0.6 + (zoom - 7) * 0.08));
}

/** A matrix for places that are given against an origin. Computed in double precision, used in single. */
function moved(matrix: ArrayLike<number>, x: number, y: number): Float32Array {
  const result = Float32Array.from(matrix);
  for (let row = 0; row < 4; row += 1) {
    result[12 + row] = (matrix[row] ?? 0) * x + (matrix[4 + row] ?? 0) * y + (matrix[12 + row] ?? 0);
  }
  return result;
}

/** Frames that take longer than this on average, in milliseconds, are too much for the machine: 15 a second. */
const SLOW_MS = 66;

/** So many frames are looked at before judging. */
const LEAST_FRAMES = 8;

/** How often a machine that is too slow gets a frame, in milliseconds: the rest of the page stays usable. */
export const SLOW_STEP_MS = 500;

/** After so long a slow machine is tried again, in milliseconds: it may only have been busy. */
const RETRY_MS = 30_000;

/** A longer pause is no slow frame: nobody looked at the page. */
const PAUSE_MS = 2_000;

/** Decides when the next frame of a motion is drawn: at once, or, where a browser draws without a graphics card, twice a second. */
export class FramePace {
  #lastMs: number | null = null;
  #meanMs = 0;
  #frames = 0;
  #slowUntilMs = 0;

  /** A frame was drawn. Answers how long to wait for the next one, in milliseconds. */
  next(nowMs: number): number {
    if (nowMs < this.#slowUntilMs) return SLOW_STEP_MS;
    const gap = this.#lastMs === null ? PAUSE_MS : nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    if (gap >= PAUSE_MS) return 0;
    this.#frames += 1;
    this.#meanMs += (gap - this.#meanMs) / Math.min(this.#frames, LEAST_FRAMES);
    if (this.#frames < LEAST_FRAMES || this.#meanMs <= SLOW_MS) return 0;
    this.#slowUntilMs = nowMs + RETRY_MS;
    this.rest();
    return SLOW_STEP_MS;
  }

  /** Nothing moves any more: what comes next is no gap between two frames. */
  rest(): void {
    this.#lastMs = null;
    this.#frames = 0;
  }
}

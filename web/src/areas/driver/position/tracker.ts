// Where the phone is: asked of the browser, and sent to the service in small lots.
import type { Position } from '../../../api/methods';
import { type Fix, fixOf } from './fix';
import { added, mostAtOnce, positionOf } from './queue';

export type Trouble =
  /** The browser knows no places, or the page is not secure. */
  | 'unsupported'
  /** The person, or the system, does not allow it. */
  | 'denied'
  /** Allowed, but no position was found for a while. */
  | 'stale';

export interface Tracking {
  readonly watching: boolean;
  readonly fix: Fix | null;
  readonly trouble: Trouble | null;
  /** Positions that were not sent yet. */
  readonly waiting: number;
  /** Why the last lot could not be sent. */
  readonly failure: unknown;
}

/** What the tracker needs of its surroundings; tests give their own. */
export interface Surroundings {
  readonly geolocation: Pick<Geolocation, 'watchPosition' | 'clearWatch' | 'getCurrentPosition'> | undefined;
  /** Whether the person has allowed it before: then the browser does not ask her. */
  readonly allowed: () => Promise<boolean>;
  readonly report: (positions: readonly Position[]) => Promise<unknown>;
  /** How far the service's clock is ahead of the phone's. */
  readonly aheadMs: () => number;
  readonly now: () => number;
  /** Runs the task again and again. */
  readonly every: (ms: number, task: () => void) => () => void;
  /** Each new position. */
  readonly onFix?: (fix: Fix) => void;
}

/** A lot goes out so often. */
const sendEveryMs = 5_000;
/** Who stands still is told nothing new: then the tracker asks by itself. */
const askAfterMs = 10_000;
/** After so long without a position the driver is told. */
export const staleAfterMs = 30_000;

export class Tracker {
  private state: Tracking = { watching: false, fix: null, trouble: null, waiting: 0, failure: null };
  private waiting: readonly Fix[] = [];
  private lastSentMs = 0;
  private begunMs = 0;
  private watch: number | null = null;
  private stopTimer: () => void = () => {};
  private sending = false;
  private readonly followers = new Set<() => void>();
  private readonly around: Surroundings;

  constructor(around: Surroundings) {
    this.around = around;
  }

  now(): Tracking {
    return this.state;
  }

  follow(changed: () => void): () => void {
    this.followers.add(changed);
    return () => this.followers.delete(changed);
  }

  /** Watches and reports from now on. */
  start(): void {
    if (this.state.watching) return;
    const { geolocation } = this.around;
    if (geolocation === undefined) {
      this.set({ trouble: 'unsupported' });
      return;
    }
    this.begunMs = this.around.now();
    // Who was asked a moment ago and stands is not told again by the browser.
    const { fix } = this.state;
    if (fix !== null && this.begunMs - fix.atMs < staleAfterMs)
      this.waiting = added([], fix, this.lastSentMs);
    this.watch = geolocation.watchPosition(this.take, this.fail, asked);
    this.stopTimer = this.around.every(sendEveryMs, () => this.tick());
    this.set({ watching: true, trouble: null, waiting: this.waiting.length });
  }

  /** Stops, and forgets what was not sent: who is off duty is nobody's business. */
  stop(): void {
    if (this.watch !== null) this.around.geolocation?.clearWatch(this.watch);
    this.watch = null;
    this.stopTimer();
    this.waiting = [];
    this.set({ watching: false, trouble: null, waiting: 0, failure: null });
  }

  /** Asks the person, and for one position. Null: there is one now. */
  async ask(): Promise<Trouble | null> {
    const { geolocation } = this.around;
    if (geolocation === undefined) {
      this.set({ trouble: 'unsupported' });
      return 'unsupported';
    }
    return new Promise((done) => {
      geolocation.getCurrentPosition(
        (told) => {
          this.take(told);
          done(null);
        },
        (error) => {
          this.fail(error);
          done(error.code === denied ? 'denied' : 'stale');
        },
        asked,
      );
    });
  }

  /**
   * One position, for her own map while nothing is watched: of who has allowed it before, and only while none is known.
   * Nobody is asked, nothing is reported, and that there is none is no trouble.
   */
  async look(): Promise<void> {
    const { geolocation } = this.around;
    const known = () => this.state.watching || this.state.fix !== null;
    if (geolocation === undefined || known() || !(await this.around.allowed()) || known()) return;
    geolocation.getCurrentPosition(this.take, () => {}, asked);
  }

  private readonly take = (told: GeolocationPosition): void => {
    const fix = fixOf(told, this.around.aheadMs());
    if (this.state.fix !== null && fix.atMs <= this.state.fix.atMs) return;
    if (this.state.watching) this.waiting = added(this.waiting, fix, this.lastSentMs);
    this.set({ fix, trouble: null, waiting: this.waiting.length });
    this.around.onFix?.(fix);
  };

  private readonly fail = (error: Pick<GeolocationPositionError, 'code'>): void => {
    // A single failure is usual, as in a tunnel: only time makes it trouble.
    if (error.code === denied) this.set({ trouble: 'denied' });
    else this.judge();
  };

  private tick(): void {
    const { geolocation } = this.around;
    if (this.ageMs() > askAfterMs) geolocation?.getCurrentPosition(this.take, this.fail, asked);
    this.judge();
    void this.send();
  }

  private judge(): void {
    if (this.state.trouble === null && this.ageMs() > staleAfterMs) this.set({ trouble: 'stale' });
  }

  private ageMs(): number {
    return this.around.now() - Math.max(this.state.fix?.atMs ?? 0, this.begunMs);
  }

  private async send(): Promise<void> {
    const lot = this.waiting.slice(0, mostAtOnce);
    const last = lot.at(-1);
    if (this.sending || last === undefined) return;
    this.sending = true;
    try {
      await this.around.report(lot.map(positionOf));
      this.lastSentMs = last.atMs;
      this.waiting = this.waiting.filter((fix) => fix.atMs > last.atMs);
      this.set({ waiting: this.waiting.length, failure: null });
    } catch (failure) {
      this.set({ failure });
    } finally {
      this.sending = false;
    }
  }

  private set(change: Partial<Tracking>): void {
    this.state = { ...this.state, ...change };
    for (const changed of [...this.followers]) changed();
  }
}

/** `PERMISSION_DENIED`. */
const denied = 1;

const asked: PositionOptions = { enableHighAccuracy: true, timeout: 15_000, maximumAge: 0 };

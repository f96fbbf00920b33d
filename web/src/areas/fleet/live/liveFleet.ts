// How the company's vehicles are now, as they are pushed: beside React, which looks at it twice a second.
import type { Alert, TelemetryChange, VehicleState } from '../../../api/methods';
import { FleetPositions, type VehicleState as Look } from '../../../map/motion/fleet';

/** Below this speed in km/h a vehicle stands: what receivers tell of one that does. */
export const movesFromKmh = 3;

/** How a vehicle is shown: an open alert that somebody should look at goes before everything else. */
export function lookOf(state: VehicleState, hasOpenAlert: boolean): Look {
  if (hasOpenAlert) return 'alert';
  if (!state.online) return 'offline';
  return (state.fix?.speed_kmh ?? 0) >= movesFromKmh ? 'moving' : 'idle';
}

/** Whether an alert colours its vehicle: notices do not, nor what somebody has in hand. */
function colours(alert: Alert): boolean {
  return alert.state === 'open' && (alert.severity === 'warning' || alert.severity === 'critical');
}

export class LiveFleet {
  /** What the map draws. */
  readonly positions = new FleetPositions();
  /** Grows with every change. */
  revision = 0;
  /** Whether all that there was has come. */
  isComplete = false;
  /** Whether there are more vehicles than the map takes. */
  isFull = false;
  readonly #states = new Map<number, VehicleState>();
  readonly #alerts = new Map<string, Alert>();
  readonly #alertsOf = new Map<number, Set<string>>();
  /** Those told since the connection began: others are gone when it has told all. */
  readonly #told = new Set<number>();

  /** Begins anew: what is there stays to be seen until everything was told again. */
  begin(): void {
    this.isComplete = false;
    this.#told.clear();
    this.revision += 1;
  }

  take(change: TelemetryChange): void {
    if (change.kind === 'vehicle') this.#vehicle(change.vehicle);
    else if (change.kind === 'alert') this.putAlert(change.alert);
    else this.#caughtUp();
    this.revision += 1;
  }

  /** Alerts that were open before: those that are pushed come on top. */
  putAlert(alert: Alert): void {
    const known = this.#alerts.get(alert.id);
    if (known !== undefined && known.version >= alert.version) return;
    // Closed ones stay known: an older answer that comes later must not open them again.
    this.#alerts.set(alert.id, alert);
    const of = this.#alertsOf.get(alert.vehicle) ?? new Set();
    if (alert.state === 'closed') of.delete(alert.id);
    else of.add(alert.id);
    this.#alertsOf.set(alert.vehicle, of);
    const state = this.#states.get(alert.vehicle);
    if (state !== undefined) this.#draw(state);
    this.revision += 1;
  }

  state(vehicle: number): VehicleState | undefined {
    return this.#states.get(vehicle);
  }

  look(vehicle: number): Look {
    const state = this.#states.get(vehicle);
    return state === undefined ? 'offline' : lookOf(state, this.#isAlarmed(vehicle));
  }

  /** Alerts of a vehicle that are not closed, the newest first. */
  alertsOf(vehicle: number): readonly Alert[] {
    return [...(this.#alertsOf.get(vehicle) ?? [])]
      .flatMap((id) => this.#alerts.get(id) ?? [])
      .sort((one, other) => other.opened_ms - one.opened_ms);
  }

  vehicles(): IterableIterator<VehicleState> {
    return this.#states.values();
  }

  #vehicle(state: VehicleState): void {
    this.#told.add(state.vehicle);
    this.#states.set(state.vehicle, state);
    this.#draw(state);
  }

  #draw(state: VehicleState): void {
    const { fix } = state;
    if (fix === undefined) return;
    const taken = this.positions.put({
      vehicle: state.vehicle,
      longitude: fix.longitude,
      latitude: fix.latitude,
      heading: fix.heading,
      state: lookOf(state, this.#isAlarmed(state.vehicle)),
      timeMs: fix.time_ms ?? state.time_ms,
    });
    if (taken === 'full') this.isFull = true;
  }

  #isAlarmed(vehicle: number): boolean {
    for (const id of this.#alertsOf.get(vehicle) ?? []) {
      const alert = this.#alerts.get(id);
      if (alert !== undefined && colours(alert)) return true;
    }
    return false;
  }

  #caughtUp(): void {
    this.isComplete = true;
    for (const vehicle of this.#states.keys()) if (!this.#told.has(vehicle)) this.#states.delete(vehicle);
    this.positions.retain((vehicle) => this.#told.has(vehicle));
  }
}

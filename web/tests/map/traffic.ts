import type { TrackFix, VehicleReport, VehicleState } from '../../src/map';
import { type LngLat, metresBetween, placeAt } from '../../src/map/geo/place';

/** A generator of numbers from 0 to 1 that gives the same ones in every run. */
export function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const CITY: LngLat = [114.06, 22.62];

/** A city's traffic: `next` drives each vehicle on for some seconds and reports it. */
export class Traffic {
  readonly #draw = numbers(7);
  readonly #vehicles: { place: LngLat; heading: number; speed: number; state: VehicleState }[];
  #timeMs = 1_700_000_000_000;

  constructor(count: number, movingAll: boolean) {
    this.#vehicles = Array.from({ length: count }, () => {
      const chance = this.#draw();
      const state =
        movingAll || chance < 0.7 ? 'moving' : chance < 0.85 ? 'idle' : chance < 0.97 ? 'offline' : 'alert';
      const place = placeAt(CITY, Math.sqrt(this.#draw()) * 28_000, this.#draw() * 360);
      return { place, heading: Math.floor(this.#draw() * 4) * 90, speed: 6 + this.#draw() * 16, state };
    });
  }

  next(seconds: number): VehicleReport[] {
    this.#timeMs += seconds * 1_000;
    return this.#vehicles.map((vehicle, index) => {
      if (vehicle.state === 'moving' || vehicle.state === 'alert') {
        if (this.#draw() < 0.15) vehicle.heading = (vehicle.heading + (this.#draw() < 0.5 ? 90 : 270)) % 360;
        vehicle.place = placeAt(vehicle.place, vehicle.speed * seconds, vehicle.heading);
      }
      const [longitude, latitude] = vehicle.place;
      return {
        vehicle: index + 1,
        longitude,
        latitude,
        heading: vehicle.heading,
        state: vehicle.state,
        timeMs: this.#timeMs,
      };
    });
  }
}

/** A ride through town and over an expressway, a fix every five seconds, with a silence in it. */
export function ride(): TrackFix[] {
  const draw = numbers(11);
  let place: LngLat = [113.92, 22.53];
  let heading = 80;
  let speedKmh = 0;
  let timeMs = Date.UTC(2026, 10, 30, 1, 0, 0);
  return Array.from({ length: 620 }, (_, index) => {
    const aim = index < 200 ? 35 + 25 * draw() : index < 430 ? 85 + 45 * draw() : 20 + 35 * draw();
    const stands = index % 90 > 82;
    speedKmh += ((stands ? 0 : aim) - speedKmh) * 0.3;
    if (draw() < 0.12) heading += (draw() - 0.5) * 80;
    heading += (70 - heading) * 0.04;
    timeMs += index === 300 ? 15 * 60_000 : 5_000;
    place = placeAt(place, (speedKmh / 3.6) * 5, heading);
    return { timeMs, place, speedKmh: Math.max(0, speedKmh), heading: ((heading % 360) + 360) % 360 };
  });
}

/** Metres that a ride is long. */
export function rideLength(fixes: readonly TrackFix[]): number {
  return fixes.reduce(
    (sum, fix, index) =>
      sum + (index === 0 ? 0 : metresBetween(fixes[index - 1]?.place ?? fix.place, fix.place)),
    0,
  );
}

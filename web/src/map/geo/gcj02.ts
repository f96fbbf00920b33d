import type { Datum } from '../base/tiles';
import { type LngLat, rounded } from './place';

/** The ellipsoid of Krasovsky 1940: its axis in metres, and the square of its eccentricity. */
const AXIS_M = 6_378_245;
const ECCENTRICITY_SQUARE = 0.006_693_421_622_965_943;

/** Degrees between which maps are shifted. */
const SHIFTED = { south: 0.8293, north: 55.8271, west: 72.004, east: 137.8347 };

/**
 * A place of WGS 84 as a map in GCJ-02 has it: the approximation that the API uses as well (offchain/records, gcj02.rs). For what the
 * API tells in WGS 84 alone, such as geofences and orders; of telemetry ask it for the datum.
 */
export function toMap(place: LngLat, datum: Datum): LngLat {
  if (datum === 'wgs84') return place;
  const [east, north] = shift(place);
  return rounded([place[0] + east, place[1] + north]);
}

function shift([longitude, latitude]: LngLat): LngLat {
  const { south, north, west, east } = SHIFTED;
  if (latitude < south || latitude > north || longitude < west || longitude > east) return [0, 0];
  const [x, y] = [longitude - 105, latitude - 35];
  const root = Math.sqrt(Math.abs(x));
  const shared = wave(20, x, 1 / 6) + wave(20, x, 1 / 2);
  const northM =
    -100 +
    2 * x +
    3 * y +
    0.2 * y * y +
    0.1 * x * y +
    0.2 * root +
    shared +
    wave(20, y, 1) +
    wave(40, y, 3) +
    wave(160, y, 12) +
    wave(320, y, 30);
  const eastM =
    300 +
    x +
    2 * y +
    0.1 * x * x +
    0.1 * x * y +
    0.1 * root +
    shared +
    wave(20, x, 1) +
    wave(40, x, 3) +
    wave(150, x, 12) +
    wave(300, x, 30);
  const radians = (latitude * Math.PI) / 180;
  const bulge = 1 - ECCENTRICITY_SQUARE * Math.sin(radians) ** 2;
  const meridianM = (AXIS_M * (1 - ECCENTRICITY_SQUARE)) / (bulge * Math.sqrt(bulge));
  const parallelM = (AXIS_M / Math.sqrt(bulge)) * Math.cos(radians);
  return [(eastM * 180) / (parallelM * Math.PI), (northM * 180) / (meridianM * Math.PI)];
}

function wave(amplitude: number, at: number, period: number): number {
  return (amplitude * Math.sin((at / period) * Math.PI) * 2) / 3;
}

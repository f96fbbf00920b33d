/** Where the phone was. */
export interface Fix {
  readonly latitude: number;
  readonly longitude: number;
  /** Milliseconds of the Unix epoch by the service's clock. */
  readonly atMs: number;
  /** Metres: the true place is within them, most of the time. */
  readonly accuracyM: number;
  /** Degrees clockwise from north; null while it stands. */
  readonly heading: number | null;
  /** Metres a second. */
  readonly speed: number | null;
}

/** `null` from who never knows, NaN from who stands: both say nothing. */
function known(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}

/** What the browser tells, by the service's clock, which is so far ahead of the phone's. */
export function fixOf(told: GeolocationPosition, aheadMs: number): Fix {
  const { latitude, longitude, accuracy, heading, speed } = told.coords;
  return {
    latitude: Math.round(latitude * 1e6) / 1e6,
    longitude: Math.round(longitude * 1e6) / 1e6,
    atMs: Math.round(told.timestamp + aheadMs),
    accuracyM: accuracy,
    heading: known(heading),
    speed: known(speed),
  };
}

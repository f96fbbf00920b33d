// The service's clock, as far as the browser knows it: deadlines of offers and tokens are by that clock, and a
// phone's own may be minutes off.
let aheadMs = 0;

/** Learns from a time that the service told just now. */
export function learnTime(serverMs: number): void {
  aheadMs = serverMs - Date.now();
}

/** Now by the service's clock, in milliseconds of the Unix epoch. */
export function serverNow(): number {
  return Date.now() + aheadMs;
}

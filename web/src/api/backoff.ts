/** How long to wait before the nth try, from 0 on: half a second, doubled each time, 30 s at most, a quarter more or less. */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  return Math.min(500 * 2 ** Math.min(attempt, 10), 30_000) * (0.75 + random() / 2);
}

/** From when to when, in milliseconds. */
export type Span = readonly [from: number, to: number];

const QUIET_MS = 5_000;
const QUIET_REQUESTS = 2;

/**
 * Time to Interactive as web.dev defines it: after the first contentful paint, the first five seconds without a task of the
 * page's thread that takes over 50 ms (`tasks` are those) and with at most two requests at a time; then the end of the last such
 * task before them, or the paint if there was none. `Infinity`: there were no such seconds while it was watched.
 */
export function interactiveMs(
  paintMs: number,
  tasks: readonly Span[],
  requests: readonly Span[],
  watchedMs: number,
): number {
  const busy = [...tasks, ...crowded(requests)].sort(([a], [b]) => a - b);
  let quietFrom = paintMs;
  for (const [from, to] of busy) {
    if (to <= quietFrom) continue;
    if (from - quietFrom >= QUIET_MS) break;
    quietFrom = Math.max(quietFrom, to);
  }
  if (watchedMs - quietFrom < QUIET_MS) return Number.POSITIVE_INFINITY;
  const before = tasks.filter(([, to]) => to <= quietFrom).map(([, to]) => to);
  return Math.max(paintMs, ...before);
}

/** When more requests were under way than a quiet network has. */
function crowded(requests: readonly Span[]): Span[] {
  const changes = requests.flatMap(([from, to]) => [[from, 1] as const, [to, -1] as const]);
  changes.sort(([a, up], [b, down]) => a - b || up - down);
  const spans: Span[] = [];
  let under = 0;
  let since: number | null = null;
  for (const [at, change] of changes) {
    under += change;
    if (under > QUIET_REQUESTS && since === null) since = at;
    if (under <= QUIET_REQUESTS && since !== null) {
      spans.push([since, at]);
      since = null;
    }
  }
  return spans;
}

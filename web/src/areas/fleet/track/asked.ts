// The span of a replay: what the address says, what a person types, and what is too much.

/** The longest span of a replay; files have no such bound. */
export const longestMs = 7 * 24 * 3_600_000;

export interface Asked {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** A time as fields of a form have it: `2026-11-30T08:05`, by the local clock. */
export function localText(ms: number): string {
  const at = new Date(ms);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The time of such a text; null: it is none. */
export function localMs(text: string): number | null {
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(text) ? new Date(text).getTime() : Number.NaN;
  return Number.isFinite(ms) ? ms : null;
}

/** What is wrong with a span; null: nothing. */
export function spanFault({ fromMs, untilMs }: Asked): 'backwards' | 'tooLong' | null {
  if (untilMs <= fromMs) return 'backwards';
  return untilMs - fromMs > longestMs ? 'tooLong' : null;
}

export const quick = ['hour1', 'hours6', 'today', 'yesterday'] as const;

/** A span that is asked for often. */
export function quickSpan(which: (typeof quick)[number], nowMs: number): Asked {
  const midnight = new Date(nowMs);
  midnight.setHours(0, 0, 0, 0);
  if (which === 'hour1') return { fromMs: nowMs - 3_600_000, untilMs: nowMs };
  if (which === 'hours6') return { fromMs: nowMs - 6 * 3_600_000, untilMs: nowMs };
  if (which === 'today') return { fromMs: midnight.getTime(), untilMs: nowMs };
  const before = new Date(midnight);
  before.setDate(before.getDate() - 1);
  return { fromMs: before.getTime(), untilMs: midnight.getTime() };
}

// Spans of time, as pages ask for them: the last days, by the clock of the place where the browser is.
import { useMemo } from 'react';
import { formatDate } from '../../../format/times';
import { useNow } from '../../../ui/useNow';

/** How many days a page shows, as its address says. */
export type Days = 1 | 7 | 30;
export const dayCounts: readonly Days[] = [1, 7, 30];

export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
  /** The same as days of the calendar: from this on, and the day after the last. */
  readonly fromDay: string;
  readonly untilDay: string;
}

/** The last days up to now, today's midnight being where the last begins. */
export function spanOf(days: Days, nowMs: number): Span {
  const from = new Date(nowMs);
  from.setHours(0, 0, 0, 0);
  from.setDate(from.getDate() - (days - 1));
  const after = new Date(nowMs);
  after.setDate(after.getDate() + 1);
  return {
    fromMs: from.getTime(),
    untilMs: nowMs,
    fromDay: formatDate(from.getTime()),
    untilDay: formatDate(after.getTime()),
  };
}

const stepMs = 60_000;

/** The same for a minute, so that what was asked for stays in the cache. */
export function useSpan(days: Days): Span {
  const minute = Math.ceil(useNow(stepMs) / stepMs);
  return useMemo(() => spanOf(days, minute * stepMs), [days, minute]);
}

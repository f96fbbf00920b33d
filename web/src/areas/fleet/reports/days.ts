// Days of the company's calendar, such as `2026-11-30`, and the spans of a report.

const dayMs = 86_400_000;

/** The longest span of a report. Files have no such bound. */
export const mostDays = 92;

/** Both days belong to it. */
export interface DaySpan {
  readonly first: string;
  readonly last: string;
}

const noon = (day: string) => Date.parse(`${day}T12:00:00Z`);

/** Whether it is a day that there is. */
export function isDay(text: string | undefined): text is string {
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const ms = noon(text);
  return Number.isFinite(ms) && dayAt(ms, 0) === text;
}

/** The day of a moment by a clock so many minutes east of Greenwich. */
export function dayAt(ms: number, offsetMin: number): string {
  return new Date(ms + offsetMin * 60_000).toISOString().slice(0, 10);
}

/** When a day begins by that clock, in milliseconds of the Unix epoch. */
export function beginOf(day: string, offsetMin: number): number {
  return Date.parse(`${day}T00:00:00Z`) - offsetMin * 60_000;
}

export function plusDays(day: string, count: number): string {
  return dayAt(noon(day) + count * dayMs, 0);
}

/** How many days it has. */
export function lengthOf({ first, last }: DaySpan): number {
  return Math.round((noon(last) - noon(first)) / dayMs) + 1;
}

/** The same number of days right before. */
export function spanBefore(span: DaySpan): DaySpan {
  return { first: plusDays(span.first, -lengthOf(span)), last: plusDays(span.first, -1) };
}

export function daysOf(span: DaySpan): string[] {
  return Array.from({ length: lengthOf(span) }, (_, at) => plusDays(span.first, at));
}

/** The Monday of a day's week. */
export function mondayOf(day: string): string {
  return plusDays(day, -((new Date(noon(day)).getUTCDay() + 6) % 7));
}

export const presets = ['today', 'days7', 'days30', 'weeks4', 'weeks12'] as const;
export type Preset = (typeof presets)[number];

/** Spans that are asked for often. Weeks begin on Mondays, and the present one is the last. */
export function presetSpan(preset: Preset, today: string): DaySpan {
  switch (preset) {
    case 'today':
      return { first: today, last: today };
    case 'days7':
      return { first: plusDays(today, -6), last: today };
    case 'days30':
      return { first: plusDays(today, -29), last: today };
    case 'weeks4':
      return { first: plusDays(mondayOf(today), -21), last: today };
    case 'weeks12':
      return { first: plusDays(mondayOf(today), -77), last: today };
  }
}

export type SpanFault = 'backwards' | 'tooLong';

export function spanFault(span: DaySpan): SpanFault | null {
  const length = lengthOf(span);
  if (length < 1) return 'backwards';
  return length > mostDays ? 'tooLong' : null;
}

/** The span that an address asks for: the last seven days where it says nothing, or nothing that can be. */
export function askedSpan(from: string | undefined, to: string | undefined, today: string): DaySpan {
  if (!isDay(from) || !isDay(to)) return presetSpan('days7', today);
  const span = { first: from, last: to };
  return spanFault(span) === null ? span : presetSpan('days7', today);
}

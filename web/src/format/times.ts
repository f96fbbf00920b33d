// Times as people read them: by the clock of the place where the browser is, with UTC for who needs to be exact.
import { type Language, locales } from '../i18n/setup';

/** Milliseconds of the Unix epoch, or the text of the index (`2026-11-29T08:00:00.000Z`). */
export type Moment = number | string;

/** Throws where it is no time. */
export function momentMs(moment: Moment): number {
  const ms = typeof moment === 'number' ? moment : Date.parse(moment);
  if (!Number.isFinite(ms)) throw new Error(`not a time: ${moment}`);
  return ms;
}

function two(value: number): string {
  return value.toString().padStart(2, '0');
}

/** `2026-11-30 15:04:05`, by the local clock. */
export function formatTime(moment: Moment): string {
  const at = new Date(momentMs(moment));
  return `${formatDate(moment)} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** `2026-11-30`, by the local clock. */
export function formatDate(moment: Moment): string {
  const at = new Date(momentMs(moment));
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** `15:04:05`, by the local clock. */
export function formatClock(moment: Moment): string {
  return formatTime(moment).slice(-8);
}

/** `2026-11-30 07:04:05 UTC`. */
export function formatUtc(moment: Moment): string {
  return `${new Date(momentMs(moment)).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

const spans: ReadonlyArray<readonly [Intl.RelativeTimeFormatUnit, number]> = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

/** `3 minutes ago`, `3分钟前`. */
export function formatAgo(moment: Moment, nowMs: number, language: Language): string {
  const seconds = Math.trunc((momentMs(moment) - nowMs) / 1000);
  const [unit, size] = spans.find(([, least]) => Math.abs(seconds) >= least) ?? ['second', 1];
  const format = new Intl.RelativeTimeFormat(locales[language], { numeric: 'auto' });
  return format.format(Math.trunc(seconds / size), unit);
}

/** A day of a company's clock, such as `2026-06-01`: `1 June 2026`, `2026年6月1日`. */
export function formatDay(day: string, language: Language): string {
  const ms = Date.parse(`${day}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(ms)) throw new Error(`not a day: ${day}`);
  return new Intl.DateTimeFormat(locales[language], { dateStyle: 'long', timeZone: 'UTC' }).format(ms);
}

const words: Readonly<
  Record<Language, readonly [d: string, h: string, min: string, s: string, gap: string]>
> = {
  en: [' d', ' h', ' min', ' s', ' '],
  zh: ['天', '小时', '分', '秒', ''],
};

/** The two largest parts of a duration: `1 h 5 min`, `1小时5分`; `0 s` for less than a second. */
export function formatDuration(ms: number, language: Language): string {
  const [dayWord, hourWord, minuteWord, secondWord, gap] = words[language];
  const seconds = Math.floor(Math.abs(ms) / 1000);
  const parts: ReadonlyArray<readonly [number, string]> = [
    [Math.floor(seconds / 86_400), dayWord],
    [Math.floor(seconds / 3_600) % 24, hourWord],
    [Math.floor(seconds / 60) % 60, minuteWord],
    [seconds % 60, secondWord],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return `0${secondWord}`;
  const shown = parts.slice(first, first + 2).filter(([count]) => count > 0);
  return `${ms < 0 ? '−' : ''}${shown.map(([count, word]) => `${count}${word}`).join(gap)}`;
}

/** What is left of a time: `0:07`, `12:05`, `1:00:00`. Never less than nothing; a second that began counts. */
export function formatCountdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

// Days and hours of a surcharge, as people say them.

export type Days = 'everyDay' | 'weekdays' | 'weekend' | readonly Weekday[];

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

/** Bit 0 is Monday. */
export function daysOf(bits: number): Days {
  if ((bits & 0b111_1111) === 0b111_1111) return 'everyDay';
  if (bits === 0b001_1111) return 'weekdays';
  if (bits === 0b110_0000) return 'weekend';
  return weekdays.filter((_, day) => ((bits >> day) & 1) === 1);
}

/** Minute 1380 of a day is 23:00. */
export function clockOf(minute: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** Minutes to add to UTC, as `+8` or `−3:30`. */
export function offsetOf(minutes: number): string {
  const size = Math.abs(minutes);
  const rest = size % 60;
  const sign = minutes < 0 ? '−' : '+';
  return `${sign}${Math.floor(size / 60)}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`;
}

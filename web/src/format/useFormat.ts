import { useMemo } from 'react';
import { useLanguage } from '../i18n/useTexts';
import { compactMoney, formatMoney } from './money';
import * as numbers from './numbers';
import * as times from './times';

/** All formats in the language of now: `const f = useFormat(); f.distance(1200)`. */
export function useFormat() {
  const language = useLanguage();
  return useMemo(
    () => ({
      money: formatMoney,
      compactMoney: (value: bigint) => compactMoney(value, language),
      time: times.formatTime,
      date: times.formatDate,
      clock: times.formatClock,
      utc: times.formatUtc,
      countdown: times.formatCountdown,
      day: (day: string) => times.formatDay(day, language),
      ago: (moment: times.Moment, nowMs: number) => times.formatAgo(moment, nowMs, language),
      duration: (ms: number) => times.formatDuration(ms, language),
      count: (value: number | bigint | string) => numbers.formatCount(value, language),
      decimal: (value: number, decimals: number) => numbers.formatDecimal(value, decimals, language),
      compactCount: (value: number | bigint) => numbers.compactCount(value, language),
      share: (share: number) => numbers.formatShare(share, language),
      basisPoints: (points: number) => numbers.formatBasisPoints(points, language),
      distance: (metres: number) => numbers.formatDistance(metres, language),
      speed: (kmh: number) => numbers.formatSpeed(kmh, language),
      fuel: (millilitres: number) => numbers.formatFuel(millilitres, language),
      energy: (wattHours: number) => numbers.formatEnergy(wattHours, language),
      bytes: (bytes: number) => numbers.formatBytes(bytes, language),
    }),
    [language],
  );
}

// Counts, shares and measures.
import { type Language, locales } from '../i18n/setup';

const formats = new Map<string, Intl.NumberFormat>();

function format(language: Language, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${language} ${JSON.stringify(options)}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const made = new Intl.NumberFormat(locales[language], options);
  formats.set(key, made);
  return made;
}

/** `12,345`; of a bigint or decimal text every digit is kept. */
export function formatCount(value: number | bigint | string, language: Language): string {
  return format(language, { maximumFractionDigits: 0 }).format(
    typeof value === 'string' ? BigInt(value) : value,
  );
}

/** `12.3`, with so many decimals at most. */
export function formatDecimal(value: number, decimals: number, language: Language): string {
  return format(language, { maximumFractionDigits: decimals }).format(value);
}

/** `12.3万`, `123K`: for axes and tiles. */
export function compactCount(value: number | bigint, language: Language): string {
  return format(language, { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

/** A share from 0 to 1 as `12.5%`. */
export function formatShare(share: number, language: Language): string {
  return format(language, { style: 'percent', maximumFractionDigits: 1 }).format(share);
}

/** Basis points (1/10,000), as contracts have them: 1250 is `12.5%`. */
export function formatBasisPoints(points: number, language: Language): string {
  return format(language, { style: 'percent', maximumFractionDigits: 2 }).format(points / 10_000);
}

const metre: Readonly<Record<Language, string>> = { en: ' m', zh: '米' };
const kilometre: Readonly<Record<Language, string>> = { en: ' km', zh: '公里' };

/** `350 m`, `3.2 km`, `1,204 km`. */
export function formatDistance(metres: number, language: Language): string {
  if (Math.abs(metres) < 1_000) return `${formatDecimal(metres, 0, language)}${metre[language]}`;
  const km = metres / 1_000;
  return `${formatDecimal(km, Math.abs(km) < 100 ? 1 : 0, language)}${kilometre[language]}`;
}

/** `63 km/h`. */
export function formatSpeed(kmh: number, language: Language): string {
  return `${formatDecimal(kmh, 0, language)} km/h`;
}

/** Millilitres as `35.2 L`. */
export function formatFuel(millilitres: number, language: Language): string {
  return `${formatDecimal(millilitres / 1_000, 1, language)} L`;
}

/** Watt hours as `12.4 kWh`. */
export function formatEnergy(wattHours: number, language: Language): string {
  return `${formatDecimal(wattHours / 1_000, 1, language)} kWh`;
}

/** Bytes as `12 KB`, `3.4 MB`. */
export function formatBytes(bytes: number, language: Language): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'] as const;
  let size = bytes;
  let unit: (typeof units)[number] = 'B';
  for (const next of units) {
    unit = next;
    if (size < 1_000) break;
    if (next !== 'TB') size /= 1_000;
  }
  return `${formatDecimal(size, unit === 'B' ? 0 : 1, language)} ${unit}`;
}

// In what people read and type rules, and in what the rules hold them: whole numbers of something smaller.
import type { Language } from '../../../../i18n/setup';

interface UnitOf {
  /** How many of the rules' unit one of these is. */
  readonly factor: number;
  readonly word: Readonly<Record<Language, string>>;
}

const same = (word: string) => ({ en: word, zh: word });

export const units = {
  kmh: { factor: 1, word: same('km/h') },
  m: { factor: 1, word: { en: 'm', zh: '米' } },
  km: { factor: 1_000, word: { en: 'km', zh: '公里' } },
  s: { factor: 1_000, word: { en: 's', zh: '秒' } },
  min: { factor: 60_000, word: { en: 'min', zh: '分钟' } },
  h: { factor: 3_600_000, word: { en: 'h', zh: '小时' } },
  day: { factor: 86_400_000, word: { en: 'days', zh: '天' } },
  clock: { factor: 1, word: { en: "o'clock", zh: '点' } },
  zone: { factor: 60, word: { en: 'h east of Greenwich', zh: '小时（东时区）' } },
  g: { factor: 1_000, word: same('g') },
  percent: { factor: 10, word: same('%') },
  fixes: { factor: 1, word: { en: 'fixes', zh: '个定位点' } },
  litre: { factor: 1_000, word: { en: 'L', zh: '升' } },
  litreHour: { factor: 1_000, word: { en: 'L/h', zh: '升/小时' } },
  kwh: { factor: 1_000, word: same('kWh') },
  volt: { factor: 1_000, word: same('V') },
  celsius: { factor: 10, word: same('°C') },
  points: { factor: 10, word: { en: 'points', zh: '分' } },
  most: { factor: 1, word: { en: 'points', zh: '分' } },
  fuel: { factor: 10, word: { en: 'L/100 km', zh: '升/百公里' } },
  energy: { factor: 10, word: { en: 'kWh/100 km', zh: '千瓦时/百公里' } },
} as const satisfies Readonly<Record<string, UnitOf>>;

export type Unit = keyof typeof units;

/** A number of the rules in a unit, in decimal digits without a comma: `120`, `0.35`. */
export function inUnit(value: number, unit: Unit): string {
  return String(Number((value / units[unit].factor).toFixed(9)));
}

export type NumberFault = 'notNumber' | 'tooFine';

/** What a person typed in a unit, as the rules hold it; or what is wrong with it. */
export function fromUnit(typed: string, unit: Unit): number | NumberFault {
  const text = typed.normalize('NFKC').trim().replace(/^[−–]/, '-').replace('。', '.');
  if (!/^-?\d{1,12}(\.\d{1,9})?$/.test(text)) return 'notNumber';
  const value = Number(text) * units[unit].factor;
  const whole = Math.round(value);
  // What floating point errs by is far below a thousandth, and what is too fine is a thousandth and more.
  return Math.abs(value - whole) >= 1e-3 ? 'tooFine' : whole;
}

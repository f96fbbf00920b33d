// Money is bigint, in millionths of a yuan ("micro"), as the chain counts it. It never goes through Number: 53 bits
// are not enough for it.
import type { Language } from '../i18n/setup';

const one = 1_000_000n;
/** What 128 bits hold: the chain knows no larger amount. */
const most = 2n ** 128n - 1n;

/** Micro from the decimal text of the API, the index and the chain. Throws where it is none. */
export function micro(text: string | bigint): bigint {
  if (typeof text === 'bigint') return text;
  if (!/^-?\d{1,39}$/.test(text)) throw new Error(`not an amount in micro CNY: ${text.slice(0, 60)}`);
  return BigInt(text);
}

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ',');
}

function rounded(value: bigint, unit: bigint): bigint {
  return ((value + unit / 2n) / unit) * unit;
}

export interface MoneyOptions {
  /** Whole fen: what is finer is rounded half up, away from zero. Otherwise all there is, to six decimals. */
  readonly fen?: boolean;
  /** A plus before what is more than nothing. */
  readonly plus?: boolean;
  /** Without the sign of the currency, as in a column whose head has it. */
  readonly bare?: boolean;
}

/** `¥1,234.50`; as many decimals as it takes, two at least. */
export function formatMoney(value: bigint, options: MoneyOptions = {}): string {
  const negative = value < 0n;
  const size = options.fen === true ? rounded(negative ? -value : value, 10_000n) : negative ? -value : value;
  const fraction = (size % one)
    .toString()
    .padStart(6, '0')
    .replace(/0{1,4}$/, '');
  const sign = size === 0n ? '' : negative ? '−' : options.plus === true ? '+' : '';
  return `${sign}${options.bare === true ? '' : '¥'}${grouped((size / one).toString())}.${fraction}`;
}

const steps: Readonly<Record<Language, ReadonlyArray<readonly [size: bigint, name: string]>>> = {
  zh: [
    [100_000_000n, '亿'],
    [10_000n, '万'],
  ],
  en: [
    [1_000_000_000n, 'B'],
    [1_000_000n, 'M'],
    [1_000n, 'K'],
  ],
};

/** `¥12.3万`, `¥123K`: for axes and tiles, where the exact amount stands beside it or in its title. */
export function compactMoney(value: bigint, language: Language): string {
  const size = value < 0n ? -value : value;
  const step = steps[language].find(([least]) => size >= least * one);
  if (step === undefined) return formatMoney(value, { fen: true });
  const [unit, name] = step;
  const tenths = rounded(size * 10n, unit * one) / (unit * one);
  const rest = tenths % 10n;
  return `${value < 0n ? '−' : ''}¥${grouped((tenths / 10n).toString())}${rest === 0n ? '' : `.${rest}`}${name}`;
}

export type MoneyTrouble = 'empty' | 'not_money' | 'too_fine' | 'too_large';

export type ParsedMoney =
  | { readonly ok: true; readonly value: bigint }
  | { readonly ok: false; readonly trouble: MoneyTrouble };

/** What a person typed: `12`, `1,234.5`, `¥0.000001`, also in the wide letters of Chinese keyboards. */
export function parseMoney(typed: string): ParsedMoney {
  const text = typed
    .normalize('NFKC')
    .replace(/[\s¥元]/g, '')
    .replace(/[−–]/g, '-')
    .replace(/。/g, '.');
  if (text === '') return { ok: false, trouble: 'empty' };
  const match = /^([+-]?)(\d+|\d{1,3}(?:,\d{3})+)?(?:\.(\d*))?$/.exec(text);
  const [, sign, whole = '', fraction = ''] = match ?? [];
  if (match === null || (whole === '' && fraction === '')) return { ok: false, trouble: 'not_money' };
  if (fraction.replace(/0+$/, '').length > 6) return { ok: false, trouble: 'too_fine' };
  const size = BigInt(whole.replaceAll(',', '') || '0') * one + BigInt(fraction.slice(0, 6).padEnd(6, '0'));
  if (size > most) return { ok: false, trouble: 'too_large' };
  return { ok: true, value: sign === '-' ? -size : size };
}

/** Yuan as a number, for the height of a bar or a line alone: what is written beside it is `formatMoney`. */
export function plottedYuan(value: bigint): number {
  return Number(value / 10_000n) / 100;
}

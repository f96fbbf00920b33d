// What a person types, exactly: `2.6` km are 2600 m, `22` % are 220,000 parts per million. Never through a floating number.

export type DecimalTrouble = 'empty' | 'notNumber' | 'tooFine' | 'tooLarge';

export type Scaled =
  | { readonly ok: true; readonly value: bigint }
  | { readonly ok: false; readonly trouble: DecimalTrouble };

const most = 2n ** 63n;

/** A decimal number times a whole factor, which has to come out whole. Wide letters of Chinese keyboards are taken. */
export function scaled(typed: string, factor: bigint): Scaled {
  const text = typed.normalize('NFKC').replace(/[\s,]/g, '').replace(/。/g, '.');
  if (text === '') return { ok: false, trouble: 'empty' };
  const match = /^(\d*)(?:\.(\d*))?$/.exec(text);
  const [, whole = '', fraction = ''] = match ?? [];
  if (match === null || (whole === '' && fraction === '')) return { ok: false, trouble: 'notNumber' };
  if (whole.length > 20 || fraction.length > 20) return { ok: false, trouble: 'tooLarge' };
  const unit = 10n ** BigInt(fraction.length);
  const product = BigInt(`${whole}${fraction}` || '0') * factor;
  if (product % unit !== 0n) return { ok: false, trouble: 'tooFine' };
  const value = product / unit;
  return value > most ? { ok: false, trouble: 'tooLarge' } : { ok: true, value };
}

/** The shortest decimal number that `scaled` reads back, as far as six decimals say it. */
export function unscaled(value: bigint | number, factor: bigint): string {
  const millionths = (BigInt(value) * 1_000_000n) / factor;
  const fraction = (millionths % 1_000_000n).toString().padStart(6, '0').replace(/0+$/, '');
  return `${millionths / 1_000_000n}${fraction === '' ? '' : `.${fraction}`}`;
}

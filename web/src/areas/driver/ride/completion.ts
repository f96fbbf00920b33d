// What a driver tells at the end of a trip, as it is typed.
import { parseMoney } from '../../../format/money';

/** No trip of a city is longer: what is typed beyond it is a slip. The tariff's own limit may be lower. */
const mostKm = 2_000;

export type Parsed = { readonly ok: true; readonly value: number } | { readonly ok: false };

/** Kilometres with up to three decimals, as metres. */
export function parseKm(typed: string): Parsed {
  const text = typed
    .normalize('NFKC')
    .replace(/[\s,]/g, '')
    .replace(/。/g, '.')
    .replace(/(km|公里)$/i, '');
  const match = /^(\d{1,4})(?:\.(\d{1,3}))?$/.exec(text);
  if (match === null) return { ok: false };
  const metres = Number(match[1]) * 1_000 + Number((match[2] ?? '').padEnd(3, '0'));
  return metres <= mostKm * 1_000 ? { ok: true, value: metres } : { ok: false };
}

/** Metres as kilometres that `parseKm` reads back, to ten metres. */
export function writeKm(metres: number): string {
  return (Math.round(metres / 10) / 100).toFixed(2);
}

/** Tolls in yuan with up to two decimals, as fen. Nothing is none. */
export function parseTolls(typed: string): Parsed {
  if (typed.trim() === '') return { ok: true, value: 0 };
  const parsed = parseMoney(typed);
  if (!parsed.ok || parsed.value < 0n || parsed.value % 10_000n !== 0n) return { ok: false };
  const fen = parsed.value / 10_000n;
  // What the service takes are 32 bits.
  return fen <= 4_294_967_295n ? { ok: true, value: Number(fen) } : { ok: false };
}

// How much is withdrawn, as it is typed.
import { type MoneyTrouble, parseMoney } from '../../../format/money';

export type Wanted =
  | { readonly ok: true; readonly value: bigint }
  | { readonly ok: false; readonly trouble: MoneyTrouble | 'nothing' | 'too_much' };

/** @param owed what can be withdrawn, in micro CNY */
export function wanted(typed: string, owed: bigint): Wanted {
  const parsed = parseMoney(typed);
  if (!parsed.ok) return parsed;
  if (parsed.value <= 0n) return { ok: false, trouble: 'nothing' };
  return parsed.value > owed ? { ok: false, trouble: 'too_much' } : parsed;
}

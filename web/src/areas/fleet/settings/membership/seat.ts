// The company's seat in the council, as pallets/consortium rules who moves it.
import { accountHex, isAccount } from '../../../../format/ids';
import { all, covers, type Role } from '../people/role';

export type SeatFault = 'noSeat' | 'notKeeper';

/** Why an account may not move the seat; null: it may. Only who may do everything, without an end, does. */
export function seatFault(
  seat: string | null,
  { roles, signer }: { readonly roles: readonly Role[]; readonly signer: string },
): SeatFault | null {
  if (seat === null) return 'noSeat';
  const own = roles.find(({ account }) => account === signer);
  return own !== undefined && own.expires === null && covers(own.permissions, all) ? null : 'notKeeper';
}

export type TargetFault = 'notAccount' | 'same' | 'taken';

/** Why a seat cannot go to this account; null: it can. `seats`: those of all companies. */
export function targetFault(
  typed: string,
  seat: string | null,
  seats: ReadonlyArray<string | null>,
): TargetFault | null {
  const text = typed.trim();
  if (!isAccount(text)) return 'notAccount';
  const to = accountHex(text);
  if (to === seat) return 'same';
  return seats.includes(to) ? 'taken' : null;
}

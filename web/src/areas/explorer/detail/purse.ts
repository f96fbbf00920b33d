// Accounts that belong to nobody's key: the settlement pallet's purses (`modl`, the pallet's id, and what it is for).

/** What a purse is for. */
export type Purse =
  /** What companies owe drivers. */
  | { readonly kind: 'ledger' }
  /** What a company put in to pay its rides from. */
  | { readonly kind: 'clearing'; readonly company: number };

/** `modl` and `sl/rides`. */
const rides = '0x6d6f646c736c2f7269646573';
/** `clearing`. */
const clearing = '636c656172696e67';

/** The purse that an account is, if it is one. */
export function purseOf(account: string): Purse | undefined {
  if (!account.startsWith(rides) || account.length !== 66) return undefined;
  const rest = account.slice(rides.length);
  if (/^0+$/.test(rest)) return { kind: 'ledger' };
  const number = rest.slice(clearing.length, clearing.length + 8);
  if (!rest.startsWith(clearing) || !/^0*$/.test(rest.slice(clearing.length + 8))) return undefined;
  // Little-endian, 32 bits.
  const bytes = number.match(/../g) ?? [];
  return { kind: 'clearing', company: Number.parseInt(bytes.reverse().join(''), 16) };
}

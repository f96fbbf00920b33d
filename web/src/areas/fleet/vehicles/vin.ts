// Vehicle identification numbers: ISO 3779, check digit as in GB 16735-2019. The chain refuses others.

const weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2] as const;
/** Values of A to Z; 0 for letters that VINs do not have (I, O and Q). */
const letters = [1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4, 5, 0, 7, 0, 9, 2, 3, 4, 5, 6, 7, 8, 9] as const;

export type VinFault =
  | { readonly kind: 'length'; readonly count: number }
  | { readonly kind: 'letter'; readonly place: number }
  | { readonly kind: 'digit'; readonly expected: string };

/** As people type it: capital letters, no blanks. */
export function tidyVin(typed: string): string {
  return typed.normalize('NFKC').replace(/[\s-]/g, '').toUpperCase();
}

/** What is wrong with a VIN; null: nothing. Places count from 1. */
export function vinFault(vin: string): VinFault | null {
  if (vin.length !== weights.length) return { kind: 'length', count: vin.length };
  let sum = 0;
  for (const [index, weight] of weights.entries()) {
    const value = worthOf(vin.charCodeAt(index));
    if (value === null) return { kind: 'letter', place: index + 1 };
    sum += value * weight;
  }
  const rest = sum % 11;
  const expected = rest === 10 ? 'X' : String(rest);
  return vin[8] === expected ? null : { kind: 'digit', expected };
}

function worthOf(code: number): number | null {
  if (code >= 48 && code <= 57) return code - 48;
  const value = letters[code - 65];
  return value === undefined || value === 0 ? null : value;
}

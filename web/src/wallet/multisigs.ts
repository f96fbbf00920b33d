/** Which accounts are held by several people, as this browser was told: the chain knows only the account that follows from them. */
import * as v from 'valibot';
import { MOST_SIGNATORIES, type Multisig, multisigOf, sharedAccount } from '../chain/multisig';

const KEPT = 'smartlink.multisigs';
/** So many are kept; the oldest goes. */
const MOST_KEPT = 50;

const Kept = v.array(
  v.object({
    signatories: v.pipe(v.array(v.string()), v.minLength(2), v.maxLength(MOST_SIGNATORIES)),
    threshold: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_SIGNATORIES)),
  }),
);

const followers = new Set<() => void>();
let known: readonly Multisig[] | undefined;

/** All that are kept, the newest first. The same object until something changes. */
export function keptMultisigs(): readonly Multisig[] {
  known ??= read();
  return known;
}

export function followMultisigs(changed: () => void): () => void {
  followers.add(changed);
  return () => followers.delete(changed);
}

/** Keeps who holds an account together. */
export function keepMultisig(multisig: Multisig): void {
  const account = sharedAccount(multisig);
  const others = keptMultisigs().filter((one) => sharedAccount(one) !== account);
  known = [multisig, ...others].slice(0, MOST_KEPT);
  localStorage.setItem(KEPT, JSON.stringify(known));
  for (const changed of followers) changed();
}

/** Who holds an account together. Undefined: this browser was not told. */
export function keptFor(account: string, kept = keptMultisigs()): Multisig | undefined {
  return kept.find((one) => sharedAccount(one) === account);
}

function read(): readonly Multisig[] {
  try {
    const found = v.parse(Kept, JSON.parse(localStorage.getItem(KEPT) ?? '[]'));
    return found.map(({ signatories, threshold }) => multisigOf(signatories, threshold));
  } catch {
    // Nothing that this portal wrote.
    return [];
  }
}

export type Trouble = 'empty' | 'tooFew' | 'tooMany' | 'notAccount' | 'notThreshold' | 'other';

/**
 * Who holds an account, as a person writes it: addresses, one a line, and how many of them have to agree. What is read holds
 * exactly this account, or is a trouble.
 */
export function readMultisig(
  typed: { readonly signatories: string; readonly threshold: string },
  account: string,
): { readonly multisig: Multisig } | { readonly trouble: Trouble } {
  const written = typed.signatories.split(/[\s,;，；]+/u).filter((text) => text !== '');
  if (written.length === 0) return { trouble: 'empty' };
  const threshold = /^\d{1,2}$/.test(typed.threshold.trim()) ? Number(typed.threshold) : 0;
  let multisig: Multisig;
  try {
    multisig = multisigOf(written, threshold);
  } catch {
    return { trouble: 'notAccount' };
  }
  const count = multisig.signatories.length;
  if (count < 2) return { trouble: 'tooFew' };
  if (count > MOST_SIGNATORIES) return { trouble: 'tooMany' };
  if (threshold < 1 || threshold > count) return { trouble: 'notThreshold' };
  return sharedAccount(multisig) === account ? { multisig } : { trouble: 'other' };
}

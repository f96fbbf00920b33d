// Who holds an account together, out of what they signed: right only if the account follows from them, which is checked.
import * as v from 'valibot';
import { MOST_SIGNATORIES, type Multisig, multisigOf, sharedAccount } from '../chain/multisig';

/** What somebody signed, as the index has it. */
export interface SignedRow {
  readonly signer: string | null;
  readonly calls: ReadonlyArray<{ readonly pallet: string; readonly name: string; readonly args: unknown }>;
}

const Args = v.object({
  threshold: v.optional(v.number()),
  other_signatories: v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(MOST_SIGNATORIES - 1)),
});

/** Undefined: none of these was signed by people from whom the account follows. */
export function sharedBy(account: string, rows: readonly SignedRow[]): Multisig | undefined {
  for (const { signer, calls } of rows) {
    if (signer === null) continue;
    for (const call of calls) {
      const found = call.pallet === 'Multisig' ? read(signer, call.args) : undefined;
      if (found !== undefined && sharedAccount(found) === account) return found;
    }
  }
  return undefined;
}

function read(signer: string, json: unknown): Multisig | undefined {
  const args = v.safeParse(Args, json);
  if (!args.success) return undefined;
  try {
    // Where any one of them is enough, the call does not say so.
    return multisigOf([signer, ...args.output.other_signatories], args.output.threshold ?? 1);
  } catch {
    return undefined;
  }
}

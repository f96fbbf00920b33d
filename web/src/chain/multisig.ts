/** Accounts that several people hold together: each has no key of its own, and follows from who they are. */
import { blake2b } from '@noble/hashes/blake2.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import * as v from 'valibot';
import { accountHex, ss58 } from '../format/ids';
import type { Chain } from './connection';
import type { DecodedCall } from './metadata';
import type { Weight } from './weight';

/** Who holds an account together. */
export interface Multisig {
  /** In the order that the chain wants: of their public keys. */
  signatories: readonly string[];
  /** How many of them have to agree. */
  threshold: number;
}

/** What some of them have agreed to already. */
export interface Pending {
  /** The extrinsic that opened it. */
  when: { height: number; index: number };
  approvals: readonly string[];
}

/** `MaxSignatories` of the runtime. */
export const MOST_SIGNATORIES = 50;

/** Those people, each once and in the order that the chain wants. Throws where one is no account. */
export function multisigOf(signatories: readonly string[], threshold: number): Multisig {
  const keys = [...new Set(signatories.map(accountHex))].sort();
  return { signatories: keys.map(ss58), threshold };
}

/** The account that they hold, as pallet-multisig makes it: blake2-256 over a prefix, the accounts, and the threshold. */
export function sharedAccount({ signatories, threshold }: Multisig): string {
  const keys = signatories.map((account) => hexToBytes(accountHex(account).slice(2)));
  // The length as a SCALE compact of one byte: there are 50 at most.
  const length = Uint8Array.of(keys.length << 2);
  const least = Uint8Array.of(threshold & 0xff, threshold >> 8);
  const entropy = concatBytes(utf8ToBytes('modlpy/utilisuba'), length, ...keys, least);
  return ss58(`0x${bytesToHex(blake2b(entropy, { dkLen: 32 }))}`);
}

const Opened = v.object({
  when: v.object({ height: v.number(), index: v.number() }),
  approvals: v.array(v.string()),
});

/** What was agreed to of a call on such an account. Undefined: nobody has opened it. */
export async function pendingOn(
  chain: Pick<Chain, 'read'>,
  account: string,
  hash: string,
): Promise<Pending | undefined> {
  const value = await chain.read('Multisig', 'Multisigs', [account, hash]);
  return value === undefined ? undefined : v.parse(Opened, value);
}

/**
 * What one of them signs to agree to a call: the first opens it, the last has it carried out. The call is there whole each time, so
 * that everybody reads what it is.
 * @param pending what there is of it; `undefined` where nobody has opened it
 */
export function agree(
  { signatories, threshold }: Multisig,
  signer: string,
  call: DecodedCall,
  max_weight: Weight,
  pending: Pending | undefined,
): DecodedCall {
  const other_signatories = signatories.filter((account) => account !== signer);
  const value =
    threshold === 1
      ? { other_signatories, call }
      : { threshold, other_signatories, maybe_timepoint: pending?.when, call, max_weight };
  return { type: 'Multisig', value: { type: threshold === 1 ? 'as_multi_threshold_1' : 'as_multi', value } };
}

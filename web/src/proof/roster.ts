/** A set of validators: the addresses of their keys, the root by which it is known, and what they signed. */
import { secp256k1 } from '@noble/curves/secp256k1.js';
import type { Signature } from './bundle';
import { bytesOf, type Hex, hexOf } from './bytes';
import { keccak } from './hash';
import { Refused } from './refusal';

/** The most validators that a set is taken for. */
export const MOST = 1_000;

const NOBODY: Hex = `0x${'00'.repeat(20)}`;

/** How many of a set have to sign: more than two thirds, as BEEFY has it. */
export function threshold(validators: number): number {
  return validators - Math.floor(Math.max(validators - 1, 0) / 3);
}

/**
 * The root by which a set is known: the tree over the keccak of each address, inner nodes keccak(left ‖ right), the last of
 * an odd level as it is. Throws {@link Refused} when they are no set.
 */
export function rootOf(validators: readonly Hex[]): Hex {
  if (validators.length === 0 || validators.length > MOST) {
    throw new Refused({ code: 'set_size', validators: validators.length });
  }
  const known = new Set<Hex>();
  validators.forEach((validator, place) => {
    if (validator === NOBODY) throw new Refused({ code: 'set_nobody', place });
    if (known.has(validator)) throw new Refused({ code: 'set_twice', validator });
    known.add(validator);
  });
  let level = validators.map((validator) => keccak(bytesOf(validator)));
  while (level.length > 1) level = paired(level);
  return hexOf(level[0] ?? new Uint8Array());
}

function paired(level: readonly Uint8Array[]): Uint8Array[] {
  return level.flatMap((left, place) => {
    if (place % 2 === 1) return [];
    const right = level[place + 1];
    return right === undefined ? [left] : [keccak(left, right)];
  });
}

/** The address of a public key: the last 20 bytes of the keccak of its coordinates. */
export function addressOf(point: Uint8Array): Hex {
  // Behind the byte that says that it is not compressed.
  return hexOf(keccak(point.subarray(1)).subarray(12));
}

/**
 * How many of a set signed a digest. Every signature has to be right: one that is not is no mishap. Throws {@link Refused}
 * when one is not by the validator that it names, they are out of order, or they are not more than two thirds.
 */
export function signersOf(
  digest: Uint8Array,
  signatures: readonly Signature[],
  validators: readonly Hex[],
): number {
  let before = -1;
  signatures.forEach(({ by, signature }, place) => {
    if (by <= before) throw new Refused({ code: 'order', place, by });
    before = by;
    const validator = validators[by];
    if (validator === undefined) {
      throw new Refused({ code: 'stranger', place, by, validators: validators.length });
    }
    const signer = signerOf(digest, bytesOf(signature), by);
    if (signer !== validator) throw new Refused({ code: 'other_signer', by, signer, validator });
  });
  const [signed, wanted] = [signatures.length, threshold(validators.length)];
  if (signed < wanted) throw new Refused({ code: 'too_few', signed, validators: validators.length, wanted });
  return signed;
}

/** Who signed a digest: r, s, and the parity of the point as 0 or 1. */
function signerOf(digest: Uint8Array, signature: Uint8Array, by: number): Hex {
  const refused = (why: 'form' | 'high_s' | 'no_key'): Refused => new Refused({ code: 'no_signer', by, why });
  const numbers = attempt(
    () => secp256k1.Signature.fromBytes(signature.subarray(0, 64), 'compact'),
    refused('form'),
  );
  if (numbers.hasHighS()) throw refused('high_s');
  const parity = signature[64];
  if (parity !== 0 && parity !== 1) throw refused('form');
  const key = attempt(() => numbers.addRecoveryBit(parity).recoverPublicKey(digest), refused('no_key'));
  return addressOf(key.toBytes(false));
}

/** What the library throws says no more than that it is none. */
function attempt<T>(make: () => T, refused: Refused): T {
  try {
    return make();
  } catch {
    throw refused;
  }
}

/** Validators with their keys. */
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Commitment, Signature } from '../../bundle';
import type { Hex } from '../../bytes';
import { be, keccakOf, le } from './hashes';

/** The commitment in SCALE, with data of less than 64 bytes. */
export function scaleOf({ payload, block, set }: Commitment): string {
  const entry = ({ id, data }: Commitment['payload'][number]): string =>
    id.slice(2) + be((data.length - 2) * 2, 1) + data.slice(2);
  return be(payload.length * 4, 1) + payload.map(entry).join('') + le(block, 4) + le(BigInt(set), 8);
}

export class Validators {
  readonly #keys: readonly Uint8Array[];

  /** So many, others for each name. */
  constructor(count: number, name: string) {
    const seed = bytesToHex(utf8ToBytes(name));
    this.#keys = Array.from({ length: count }, (_, n) => hexToBytes(keccakOf(seed, be(n, 2)).slice(2)));
  }

  addresses(): readonly Hex[] {
    return this.#keys.map((key): Hex => {
      const point = bytesToHex(secp256k1.getPublicKey(key, false));
      return `0x${keccakOf(point.slice(2)).slice(-40)}`;
    });
  }

  /** The root of the set, from above: the left part of n has the largest power of two below n. */
  root(): Hex {
    const top = (hashes: readonly Hex[]): Hex => {
      const [only] = hashes;
      if (only !== undefined && hashes.length === 1) return only;
      const at = 2 ** Math.ceil(Math.log2(hashes.length) - 1);
      return keccakOf(top(hashes.slice(0, at)), top(hashes.slice(at)));
    };
    return top(this.addresses().map((address) => keccakOf(address)));
  }

  /** The signatures of some, in the order in which they are named. */
  sign(commitment: Commitment, who: readonly number[]): readonly Signature[] {
    const digest = hexToBytes(keccakOf(scaleOf(commitment)).slice(2));
    return who.map((by) => {
      const signed = secp256k1.sign(digest, this.#keys[by] ?? new Uint8Array(), {
        prehash: false,
        format: 'recovered',
      });
      const [parity, numbers] = [signed.subarray(0, 1), signed.subarray(1)];
      return { by, signature: `0x${bytesToHex(numbers)}${bytesToHex(parity)}` };
    });
  }
}

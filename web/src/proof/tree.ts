/**
 * Binary trees that bind each leaf to its index and the root to its count (primitives/src/merkle.rs).
 *
 *     leaf = keccak(0x00 ‖ index ‖ data)
 *     node = keccak(0x01 ‖ left ‖ right)      a last node without a partner moves up as it is
 *     root = keccak(0x02 ‖ count ‖ top)
 */
import { bigEndian, bytesOf, type Hex, hexOf } from './bytes';
import { keccak } from './hash';
import { Refused } from './refusal';

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);
const ROOT = Uint8Array.of(2);

/** The hash of a leaf at its index. */
export function leafOf(index: number, data: Uint8Array): Uint8Array {
  return keccak(LEAF, bigEndian(index, 4), data);
}

/** The root to which the partners of a leaf lead, from below. Throws {@link Refused} when they are no proof of it. */
export function rootOf(leaf: Uint8Array, index: number, count: number, partners: readonly Hex[]): Hex {
  if (index >= count) throw new Refused({ code: 'path', why: 'index' });
  let [hash, place, width, used] = [leaf, index, count, 0];
  while (width > 1) {
    const isRight = place % 2 === 1;
    // The last of an odd level has no partner.
    if (isRight || place + 1 < width) {
      const partner = partners[used];
      if (partner === undefined) throw new Refused({ code: 'path', why: 'length' });
      const bytes = bytesOf(partner);
      hash = isRight ? keccak(NODE, bytes, hash) : keccak(NODE, hash, bytes);
      used += 1;
    }
    place = Math.floor(place / 2);
    width = Math.ceil(width / 2);
  }
  if (used !== partners.length) throw new Refused({ code: 'path', why: 'length' });
  return hexOf(keccak(ROOT, bigEndian(count, 4), hash));
}

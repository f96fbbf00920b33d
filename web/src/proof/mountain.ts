/**
 * The Merkle mountain range over the leaves of all blocks, as pallet-mmr makes it.
 *
 *          6                 peaks of 7 leaves: 6, 9, 10, of 4, 2 and 1 leaves
 *        /   \               inner node  keccak(left ‖ right)
 *       2     5      9       bagged from the right: keccak(keccak(10 ‖ 9) ‖ 6)
 *      / \   / \    / \
 *     0   1 3   4  7   8  10
 *
 * A proof holds the peaks to the left of the leaf's own from the left, the partners from the leaf up, and the peaks to the
 * right as one. Index and count say how many of each there are.
 */
import { bytesOf, type Hex, hexOf } from './bytes';
import { keccak } from './hash';
import { Refused } from './refusal';

interface Standing {
  /** Peaks to the left of its own. */
  readonly left: number;
  /** Levels between it and its peak. */
  readonly height: number;
  /** Its place below its peak. */
  readonly place: number;
  /** Whether there are peaks to the right. */
  readonly hasRight: boolean;
}

/** Where leaf `index` of `count` stands: counts have 32 bits. */
function standing(index: number, count: number): Standing {
  let [rest, place, left] = [count, index, 0];
  for (;;) {
    // The largest peak is the first.
    const height = 31 - Math.clz32(rest);
    const leaves = 2 ** height;
    rest -= leaves;
    if (place < leaves) return { left, height, place, hasRight: rest > 0 };
    place -= leaves;
    left += 1;
  }
}

/** The root to which a proof of leaf `index` of `count` leads. Throws {@link Refused} when it is none of it. */
export function rootOf(leaf: Uint8Array, index: number, count: number, proof: readonly Hex[]): Hex {
  if (index >= count) throw new Refused({ code: 'mmr_index', index, count });
  const { left, height, place, hasRight } = standing(index, count);
  const wanted = left + height + (hasRight ? 1 : 0);
  const found = proof.length;
  if (found !== wanted) throw new Refused({ code: 'mmr_length', index, count, wanted, found });
  const hashes = proof.map(bytesOf);
  let hash = leaf;
  hashes.slice(left, left + height).forEach((partner, level) => {
    const isRight = ((place >>> level) & 1) === 1;
    hash = isRight ? keccak(partner, hash) : keccak(hash, partner);
  });
  for (const bagged of hashes.slice(left + height)) hash = keccak(bagged, hash);
  for (const peak of hashes.slice(0, left).reverse()) hash = keccak(hash, peak);
  return hexOf(hash);
}

/** What the MMR has of each block, and what the validators sign, in SCALE: integers little-endian. */

import type { Commitment, Leaf } from './bundle';
import { bytesOf, type Hex, joined, lengthOf, littleEndian } from './bytes';
import { keccak } from './hash';
import { Refused } from './refusal';
import { compact } from './scale';

/** "mh": the id of the MMR's root in a payload. */
const MMR_ROOT = '0x6d68';

/** The leaf, of which the keccak is in the MMR: 113 bytes. */
export function leafBytes(leaf: Leaf): Uint8Array {
  return joined([
    littleEndian(leaf.version, 1),
    littleEndian(leaf.parent_number, 4),
    bytesOf(leaf.parent_hash),
    littleEndian(BigInt(leaf.next_set.id), 8),
    littleEndian(leaf.next_set.len, 4),
    bytesOf(leaf.next_set.root),
    bytesOf(leaf.extra),
  ]);
}

/** The commitment, of which the keccak is signed. */
export function commitmentBytes({ payload, block, set }: Commitment): Uint8Array {
  const entries = payload.flatMap(({ id, data }) => [bytesOf(id), compact(lengthOf(data)), bytesOf(data)]);
  return joined([compact(payload.length), ...entries, littleEndian(block, 4), littleEndian(BigInt(set), 8)]);
}

/** What is signed. */
export function digestOf(commitment: Commitment): Uint8Array {
  return keccak(commitmentBytes(commitment));
}

/** The root of the MMR that a commitment names. Throws {@link Refused} when it names none. */
export function mmrRootOf({ payload }: Commitment): Hex {
  const ascends = payload.every(({ id }, place) => {
    const before = payload[place - 1];
    return before === undefined || before.id < id;
  });
  if (!ascends) throw new Refused({ code: 'payload_order' });
  const root = payload.find(({ id }) => id === MMR_ROOT);
  if (root === undefined || lengthOf(root.data) !== 32) throw new Refused({ code: 'payload_missing' });
  return root.data;
}

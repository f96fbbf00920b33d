// Documents of which the chain keeps the hash alone: they are hashed here and go nowhere.
import { keccak_256 } from '@noble/hashes/sha3.js';
import { type Hex, hexOf } from './bytes';

/** The keccak hash of a document. It is read piece by piece: it may be larger than the memory that a page gets. */
export async function documentHash(document: Pick<Blob, 'stream'>): Promise<Hex> {
  const sponge = keccak_256.create();
  const reader = document.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return hexOf(sponge.digest());
    sponge.update(value);
  }
}

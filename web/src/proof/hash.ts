import { blake2b } from '@noble/hashes/blake2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { type Hex, hexOf } from './bytes';

/** What trees, mountains, sets and commitments are hashed with. */
export function keccak(...parts: readonly Uint8Array[]): Uint8Array {
  return absorbed(keccak_256.create(), parts).digest();
}

/** What headers, and nodes and values of the state are hashed with: blake2b of 256 bits. */
export function blake2(bytes: Uint8Array): Hex {
  return hexOf(blake2b(bytes, { dkLen: 32 }));
}

interface Sponge {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
}

function absorbed(sponge: Sponge, parts: readonly Uint8Array[]): Sponge {
  for (const part of parts) sponge.update(part);
  return sponge;
}

/** Hashing on hexadecimal texts, by the library alone: what the tests build with shares nothing with what they test. */
import { blake2b } from '@noble/hashes/blake2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import type { Hex } from '../../bytes';

export function keccakOf(...parts: readonly string[]): Hex {
  return `0x${bytesToHex(keccak_256(hexToBytes(parts.map((part) => part.replace('0x', '')).join(''))))}`;
}

export function blake2Of(bytes: Uint8Array): Uint8Array {
  return blake2b(bytes, { dkLen: 32 });
}

/** A number in so many bytes, the highest first. */
export function be(value: number | bigint, bytes: number): string {
  return value.toString(16).padStart(bytes * 2, '0');
}

/** A number in so many bytes, the lowest first. */
export function le(value: number | bigint, bytes: number): string {
  return be(value, bytes).match(/../g)?.reverse().join('') ?? '';
}

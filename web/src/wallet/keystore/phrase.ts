/** Keys from twelve words, as every wallet of this kind of chain makes them. */

import { blake2b } from '@noble/hashes/blake2.js';
import { pbkdf2Async } from '@noble/hashes/pbkdf2.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { generateMnemonic, mnemonicToEntropy, validateMnemonic } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { getPublicKey, HDKD, secretFromSeed } from '@scure/sr25519';

/** An sr25519 key pair. */
export interface Pair {
  /** 64 bytes: scalar and nonce. */
  secret: Uint8Array;
  /** 32 bytes. */
  publicKey: Uint8Array;
}

/** The words are not twelve (or 15 … 24) of the list, or their check sum is wrong. */
export class BadPhrase extends Error {
  override readonly name = 'BadPhrase';
  /** Words that are not in the list at all. */
  readonly unknown: readonly string[];
  constructor(unknown: readonly string[]) {
    super(unknown.length > 0 ? `not in the word list: ${unknown.join(', ')}` : 'the check sum is wrong');
    this.unknown = unknown;
  }
}

/** The path after the words is not made of `//hard` and `/soft` parts. */
export class BadPath extends Error {
  override readonly name = 'BadPath';
}

const WORDS = new Set(wordlist);

/** Twelve new words: 128 random bits. */
export function newPhrase(): string {
  return generateMnemonic(wordlist, 128);
}

/** Words as they are compared: lower case, one blank between. */
export function tidyPhrase(typed: string): string {
  return typed.normalize('NFKD').trim().toLowerCase().split(/\s+/).join(' ');
}

/** Throws `BadPhrase` when the words are none. */
export function checkPhrase(phrase: string): void {
  if (validateMnemonic(phrase, wordlist)) return;
  throw new BadPhrase(phrase.split(' ').filter((word) => !WORDS.has(word)));
}

/**
 * The pair of a phrase and a path such as `//fleet/1`; an empty path is the phrase's own.
 * The seed comes from the entropy itself, not from the words as BIP-39 says: that is how substrate-bip39 does it.
 */
export async function pairOf(typed: string, path = ''): Promise<Pair> {
  const phrase = tidyPhrase(typed);
  checkPhrase(phrase);
  const seed = await pbkdf2Async(sha512, mnemonicToEntropy(phrase, wordlist), 'mnemonic', {
    c: 2048,
    dkLen: 64,
  });
  let secret: Uint8Array = secretFromSeed(seed.subarray(0, 32));
  for (const { hard, code } of junctions(path)) {
    secret = hard ? HDKD.secretHard(secret, code) : HDKD.secretSoft(secret, code);
  }
  return { secret, publicKey: getPublicKey(secret) };
}

interface Junction {
  hard: boolean;
  /** 32 bytes. */
  code: Uint8Array;
}

function junctions(path: string): Junction[] {
  if (path === '') return [];
  if (!/^(\/{1,2}[^/]+)+$/.test(path)) throw new BadPath('write //hard or /soft parts, such as //fleet');
  return [...path.matchAll(/(\/{1,2})([^/]+)/g)].map(([, slashes, name = '']) => ({
    hard: slashes === '//',
    code: chainCode(name),
  }));
}

/** A number is 8 bytes little endian, a name is its SCALE encoding; what is longer than 32 bytes is hashed. */
function chainCode(name: string): Uint8Array {
  const encoded = /^\d+$/.test(name)
    ? littleEndian(BigInt(name), 8)
    : withLength(new TextEncoder().encode(name));
  const code = new Uint8Array(32);
  code.set(encoded.length > 32 ? blake2b(encoded, { dkLen: 32 }) : encoded);
  return code;
}

function withLength(bytes: Uint8Array): Uint8Array {
  const prefix = bytes.length < 64 ? [bytes.length << 2] : littleEndian(BigInt((bytes.length << 2) | 1), 2);
  return new Uint8Array([...prefix, ...bytes]);
}

function littleEndian(value: bigint, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => Number((value >> BigInt(8 * at)) & 0xffn));
}

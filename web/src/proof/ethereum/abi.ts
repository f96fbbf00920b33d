/** As much of Ethereum's ABI as the contract's views need: numbers and hashes, each a word of 32 bytes. */
import { bigEndian, bytesOf, type Hex, hexOf, joined, lengthOf, utf8 } from '../bytes';
import { keccak } from '../hash';

const WORD = 32;

/** What is sent: the first four bytes of the keccak of the function, and its arguments. */
export function callOf(signature: string, ...words: readonly Uint8Array[]): Hex {
  return hexOf(joined([keccak(utf8(signature)).subarray(0, 4), ...words]));
}

/** A number as an argument. */
export function numberWord(number: number): Uint8Array {
  return bigEndian(number, WORD);
}

/** A hash as an argument. */
export function hashWord(hash: Hex): Uint8Array {
  return bytesOf(hash);
}

/** The words of an answer. `null` when it has not exactly so many. */
export function wordsOf(answer: Hex, count: number): readonly Hex[] | null {
  if (lengthOf(answer) !== count * WORD) return null;
  const bytes = bytesOf(answer);
  return Array.from({ length: count }, (_, at) => hexOf(bytes.subarray(at * WORD, (at + 1) * WORD)));
}

/** The number that a word is. `null` when it has more bits. */
export function uintOf(word: Hex | undefined, bits: number): bigint | null {
  if (word === undefined) return null;
  const number = BigInt(word);
  return number < 1n << BigInt(bits) ? number : null;
}

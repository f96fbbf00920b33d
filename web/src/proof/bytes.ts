import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';

/** Bytes as `0x` and small hexadecimal digits: one text for each value, so texts are compared. */
export type Hex = `0x${string}`;

const DIGITS = /^0x[0-9a-f]*$/;

/** Whether a text is bytes as they are written here. */
export function isHex(text: string): text is Hex {
  return text.length % 2 === 0 && DIGITS.test(text);
}

/** How many bytes a text stands for. */
export function lengthOf(hex: Hex): number {
  return (hex.length - 2) / 2;
}

/** The bytes that a text stands for. */
export function bytesOf(hex: Hex): Uint8Array {
  return hexToBytes(hex.slice(2));
}

/** The text that stands for bytes. */
export function hexOf(bytes: Uint8Array): Hex {
  return `0x${bytesToHex(bytes)}`;
}

/** The bytes of a text in UTF-8. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** One after the other. There may be very many: they are not spread over the stack. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** A whole number in so many bytes, the highest first. */
export function bigEndian(value: number | bigint, length: number): Uint8Array {
  return littleEndian(value, length).reverse();
}

/** A whole number in so many bytes, the lowest first. */
export function littleEndian(value: number | bigint, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let rest = BigInt(value);
  for (let at = 0; at < length; at += 1) {
    bytes[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}

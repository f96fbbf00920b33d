import { littleEndian } from './bytes';
import type { Refused } from './refusal';

/** A length as SCALE's compact integer. Nothing in a bundle is as long as 2³⁰. */
export function compact(length: number): Uint8Array {
  if (length < 1 << 6) return littleEndian(length * 4, 1);
  if (length < 1 << 14) return littleEndian(length * 4 + 1, 2);
  return littleEndian(length * 4 + 2, 4);
}

/** Reads bytes from the front. What ends too early is refused with the refusal that it was made with. */
export class Reader {
  readonly #bytes: Uint8Array;
  readonly #short: () => Refused;
  #at = 0;

  constructor(bytes: Uint8Array, short: () => Refused) {
    this.#bytes = bytes;
    this.#short = short;
  }

  /** Whether nothing is left. */
  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** So many bytes. */
  take(count: number): Uint8Array {
    const end = this.#at + count;
    if (end > this.#bytes.length) throw this.#short();
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  /** One byte. */
  byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw this.#short();
    this.#at += 1;
    return byte;
  }

  /** A compact integer of 32 bits, in its shortest form alone. */
  compact(): number {
    const first = this.byte();
    switch (first & 3) {
      case 0:
        return first >>> 2;
      case 1:
        return this.#atLeast(1 << 6, (first + this.byte() * 2 ** 8 - 1) / 4);
      case 2: {
        const [second, third, fourth] = [this.byte(), this.byte(), this.byte()];
        return this.#atLeast(1 << 14, (first - 2 + second * 2 ** 8 + third * 2 ** 16 + fourth * 2 ** 24) / 4);
      }
      default: {
        // The first byte counts the bytes behind the fourth.
        if (first !== 3) throw this.#short();
        const whole = this.take(4).reduceRight((sum, byte) => sum * 2 ** 8 + byte, 0);
        return this.#atLeast(2 ** 30, whole);
      }
    }
  }

  #atLeast(least: number, value: number): number {
    if (value < least) throw this.#short();
    return value;
  }
}

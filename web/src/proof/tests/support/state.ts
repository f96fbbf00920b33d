/** A trie of the state, written by its format (state version 1: values above 32 bytes by their hash). */
import { blake2Of } from './hashes';

/** A key and its value. */
export type Entry = readonly [Uint8Array, Uint8Array];

interface Spread {
  readonly nibbles: readonly number[];
  readonly value: Uint8Array;
}

/** What a trie has under a key, and the nodes of the way there. */
export interface Way {
  readonly value: Uint8Array | null;
  readonly nodes: readonly Uint8Array[];
}

/** A trie of some entries with different keys. */
export class State {
  readonly root: Uint8Array;
  readonly #entries: readonly Spread[];

  constructor(entries: readonly Entry[]) {
    this.#entries = entries.map(([key, value]) => ({ nibbles: nibblesOf(key), value }));
    this.root = blake2Of(nodeOf(this.#entries));
  }

  /** The way to a key: each node on it that has 32 bytes or more, and the first in any case. */
  way(key: Uint8Array): Way {
    const nodes: Uint8Array[] = [];
    let [entries, nibbles] = [this.#entries, nibblesOf(key)];
    for (;;) {
      const node = nodeOf(entries);
      if (nodes.length === 0 || node.length >= 32) nodes.push(node);
      const shared = sharedBy(entries);
      const own = entries.find((entry) => `${entry.nibbles}` === `${nibbles}`);
      const child = nibbles[shared.length];
      if (`${nibbles.slice(0, shared.length)}` !== `${shared}` || child === undefined || entries.length < 2) {
        return { value: own?.value ?? null, nodes };
      }
      entries = below(entries, shared.length, child);
      nibbles = nibbles.slice(shared.length + 1);
      if (entries.length === 0) return { value: null, nodes };
    }
  }
}

function nibblesOf(bytes: Uint8Array): readonly number[] {
  return [...bytes].flatMap((byte) => [byte >> 4, byte & 15]);
}

function sharedBy(entries: readonly Spread[]): readonly number[] {
  const [first, ...others] = entries.map((entry) => entry.nibbles);
  if (first === undefined) return [];
  const ends = first.findIndex((nibble, at) => others.some((other) => other[at] !== nibble));
  return ends < 0 ? first : first.slice(0, ends);
}

function below(entries: readonly Spread[], at: number, nibble: number): readonly Spread[] {
  return entries
    .filter((entry) => entry.nibbles[at] === nibble)
    .map(({ nibbles, value }) => ({ nibbles: nibbles.slice(at + 1), value }));
}

/** A length in SCALE's compact form, up to 16,383. */
function compact(length: number): readonly number[] {
  return length < 64 ? [length << 2] : [((length << 2) | 1) & 255, length >> 6];
}

function header(prefix: number, bits: number, partial: readonly number[]): readonly number[] {
  const most = 2 ** bits - 1;
  const bytes = [prefix | Math.min(partial.length, most)];
  if (partial.length >= most) {
    let rest = partial.length - most;
    for (; rest >= 255; rest -= 255) bytes.push(255);
    bytes.push(rest);
  }
  const padded = partial.length % 2 === 1 ? [0, ...partial] : partial;
  for (let at = 0; at < padded.length; at += 2) bytes.push(((padded[at] ?? 0) << 4) | (padded[at + 1] ?? 0));
  return bytes;
}

function held(value: Uint8Array): readonly number[] {
  return value.length > 32 ? [...blake2Of(value)] : [...compact(value.length), ...value];
}

function nodeOf(entries: readonly Spread[]): Uint8Array {
  const shared = sharedBy(entries);
  const own = entries.find((entry) => entry.nibbles.length === shared.length)?.value;
  if (entries.length === 0) return Uint8Array.of(0);
  if (entries.length === 1 && own !== undefined) {
    const [prefix, bits] = own.length > 32 ? [0b0010_0000, 5] : [0b0100_0000, 6];
    return Uint8Array.from([...header(prefix, bits, shared), ...held(own)]);
  }
  let there = 0;
  const children: number[] = [];
  for (let nibble = 0; nibble < 16; nibble += 1) {
    const child = below(entries, shared.length, nibble);
    if (child.length === 0) continue;
    there |= 1 << nibble;
    const node = nodeOf(child);
    const named = node.length < 32 ? node : blake2Of(node);
    children.push(...compact(named.length), ...named);
  }
  const [prefix, bits] =
    own === undefined ? [0b1000_0000, 6] : own.length > 32 ? [0b0001_0000, 4] : [0b1100_0000, 6];
  const value = own === undefined ? [] : held(own);
  return Uint8Array.from([...header(prefix, bits, shared), there & 255, there >> 8, ...value, ...children]);
}

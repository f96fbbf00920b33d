/**
 * The state's trie: base 16, blake2 of 256 bits, as sp-trie writes its nodes.
 *
 *     node    = header ‖ nibbles ‖ rest
 *     header  = kind in the first bits, number of nibbles in the others, and in further bytes when they are full
 *               00000000 empty   01 leaf   10 branch   11 branch with value   001 leaf, 0001 branch, whose value is hashed
 *     nibbles = two a byte, a zero in front when they are odd
 *     rest    = leaf: value; branch: bits of its children (u16 LE), value if it has one, children
 *     value   = compact length ‖ bytes, or its hash; child = compact length ‖ node of less than 32 bytes, or its hash
 *
 * A proof is the way down: every node that is known by its hash, from the root, each once.
 */
import { bytesOf, type Hex, hexOf } from './bytes';
import { blake2 } from './hash';
import { Refused } from './refusal';
import { Reader } from './scale';

/** The deepest way that is walked: a nibble a node at least, of a key of 2 KiB. */
const DEEPEST = 4_096;

/** What stands at the end of the way: nothing, a value, or the hash of one. */
export type Found =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'value'; readonly value: Uint8Array }
  | { readonly kind: 'hashed'; readonly hash: Hex };

interface Node {
  readonly partial: readonly number[];
  readonly value: Found;
  /** By their nibble: a node, or the hash of one. */
  readonly children: ReadonlyMap<number, Uint8Array>;
}

const NOTHING: Found = { kind: 'nothing' };
const HASH_BYTES = 32;

function unformed(): Refused {
  return new Refused({ code: 'state_form' });
}

/**
 * What a trie has under a key, by nodes in the order of the way. Throws {@link Refused} when one is missing, another one,
 * none, or left over.
 */
export function find(root: Hex, key: Hex, nodes: readonly Hex[]): Found {
  const way = nodes.values();
  const known = (hash: Hex): Uint8Array => {
    const next = way.next();
    const bytes = next.done === true ? undefined : bytesOf(next.value);
    if (bytes === undefined || blake2(bytes) !== hash) throw new Refused({ code: 'state_node', hash });
    return bytes;
  };
  const found = walk(known(root), nibblesOf(bytesOf(key)), known);
  if (way.next().done !== true) throw new Refused({ code: 'state_superfluous' });
  return found;
}

function walk(top: Uint8Array, nibbles: readonly number[], known: (hash: Hex) => Uint8Array): Found {
  let [bytes, at] = [top, 0];
  for (let depth = 0; depth < DEEPEST; depth += 1) {
    const { partial, value, children } = nodeOf(bytes);
    if (partial.some((nibble, place) => nibbles[at + place] !== nibble)) return NOTHING;
    at += partial.length;
    const next = nibbles[at];
    if (next === undefined) return value;
    const child = children.get(next);
    if (child === undefined) return NOTHING;
    bytes = child.length === HASH_BYTES ? known(hexOf(child)) : child;
    at += 1;
  }
  throw new Refused({ code: 'state_deep' });
}

function nibblesOf(bytes: Uint8Array): readonly number[] {
  return Array.from(bytes).flatMap((byte) => [byte >>> 4, byte & 15]);
}

/** What follows from the first byte. */
interface Header {
  readonly isBranch: boolean;
  readonly value: 'none' | 'inline' | 'hashed';
  /** Bits of the byte that count nibbles. */
  readonly bits: number;
}

function headerOf(first: number): Header {
  if (first >= 0b1100_0000) return { isBranch: true, value: 'inline', bits: 6 };
  if (first >= 0b1000_0000) return { isBranch: true, value: 'none', bits: 6 };
  if (first >= 0b0100_0000) return { isBranch: false, value: 'inline', bits: 6 };
  if (first >= 0b0010_0000) return { isBranch: false, value: 'hashed', bits: 5 };
  if (first >= 0b0001_0000) return { isBranch: true, value: 'hashed', bits: 4 };
  throw unformed();
}

function nodeOf(bytes: Uint8Array): Node {
  const reader = new Reader(bytes, unformed);
  const first = reader.byte();
  if (first === 0 && reader.isAtEnd) return { partial: [], value: NOTHING, children: new Map() };
  const header = headerOf(first);
  const partial = partialOf(reader, first, header.bits);
  const there = header.isBranch ? reader.byte() + reader.byte() * 2 ** 8 : 0;
  const value = readValue(reader, header.value);
  const children = new Map<number, Uint8Array>();
  for (let nibble = 0; nibble < 16; nibble += 1) {
    if (((there >>> nibble) & 1) === 1) children.set(nibble, reader.take(reader.compact()));
  }
  if (!reader.isAtEnd) throw unformed();
  return { partial, value, children };
}

function readValue(reader: Reader, form: Header['value']): Found {
  switch (form) {
    case 'none':
      return NOTHING;
    case 'inline':
      return { kind: 'value', value: reader.take(reader.compact()) };
    case 'hashed':
      return { kind: 'hashed', hash: hexOf(reader.take(HASH_BYTES)) };
  }
}

function partialOf(reader: Reader, first: number, bits: number): readonly number[] {
  const most = 2 ** bits - 1;
  let count = first & most;
  if (count === most) {
    let more: number;
    do {
      more = reader.byte();
      count += more;
    } while (more === 255);
  }
  const nibbles = nibblesOf(reader.take(Math.ceil(count / 2)));
  if (count % 2 === 0) return nibbles;
  if (nibbles[0] !== 0) throw unformed();
  return nibbles.slice(1);
}

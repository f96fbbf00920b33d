/** The trees of items by recursion: the left part of n leaves has the largest power of two below n. */
import type { Hex } from '../../bytes';
import { be, keccakOf } from './hashes';

/** A tree over data in hexadecimal. */
export class Tree {
  readonly #leaves: readonly Hex[];

  constructor(data: readonly string[]) {
    this.#leaves = data.map((one, index) => keccakOf('00', be(index, 4), one));
  }

  root(): Hex {
    return keccakOf('02', be(this.#leaves.length, 4), top(this.#leaves));
  }

  partners(index: number): readonly Hex[] {
    return partners(this.#leaves, index);
  }
}

function middle(count: number): number {
  return 2 ** Math.ceil(Math.log2(count) - 1);
}

function top(leaves: readonly Hex[]): Hex {
  const [only] = leaves;
  if (only === undefined) return `0x${'00'.repeat(32)}`;
  if (leaves.length === 1) return only;
  const at = middle(leaves.length);
  return keccakOf('01', top(leaves.slice(0, at)), top(leaves.slice(at)));
}

function partners(leaves: readonly Hex[], index: number): readonly Hex[] {
  if (leaves.length === 1) return [];
  const at = middle(leaves.length);
  const [left, right] = [leaves.slice(0, at), leaves.slice(at)];
  return index < at ? [...partners(left, index), top(right)] : [...partners(right, index - at), top(left)];
}

/** A Merkle mountain range that keeps all leaves and works by recursion. */
import type { Hex } from '../../bytes';
import { keccakOf } from './hashes';

export class Mountain {
  /** The leaves below each peak, from the left. */
  readonly #peaks: readonly (readonly Hex[])[];

  constructor(leaves: readonly Hex[]) {
    const peaks: Hex[][] = [];
    let rest = [...leaves];
    while (rest.length > 0) {
      const size = 2 ** Math.floor(Math.log2(rest.length));
      peaks.push(rest.slice(0, size));
      rest = rest.slice(size);
    }
    this.#peaks = peaks;
  }

  root(): Hex {
    return bagged(this.#peaks);
  }

  proof(index: number): readonly Hex[] {
    let place = index;
    const lefts: Hex[] = [];
    for (const [at, peak] of this.#peaks.entries()) {
      if (place < peak.length) {
        const rights = this.#peaks.slice(at + 1);
        return [...lefts, ...partners(peak, place), ...(rights.length > 0 ? [bagged(rights)] : [])];
      }
      place -= peak.length;
      lefts.push(top(peak));
    }
    throw new Error('there is no such leaf');
  }
}

function bagged(peaks: readonly (readonly Hex[])[]): Hex {
  return peaks.map(top).reduceRight((right, left) => keccakOf(right, left));
}

function halves(leaves: readonly Hex[]): readonly [readonly Hex[], readonly Hex[]] {
  return [leaves.slice(0, leaves.length / 2), leaves.slice(leaves.length / 2)];
}

function top(leaves: readonly Hex[]): Hex {
  const [only] = leaves;
  if (only !== undefined && leaves.length === 1) return only;
  const [left, right] = halves(leaves);
  return keccakOf(top(left), top(right));
}

function partners(leaves: readonly Hex[], index: number): readonly Hex[] {
  if (leaves.length === 1) return [];
  const [left, right] = halves(leaves);
  return index < left.length
    ? [...partners(left, index), top(right)]
    : [...partners(right, index - left.length), top(left)];
}

/**
 * Every step from the item to the validators who signed, in the order in which docs/proofs.md has them.
 *
 * Nothing here asks anybody, keeps anything or knows of a page: it runs in a worker as well, and what it says can be posted
 * from there.
 */
import { type Bundle, parse, unseal } from './bundle';
import { type Hex, hexOf, isHex, lengthOf } from './bytes';
import { keccak } from './hash';
import { itemSteps } from './item-steps';
import { digestOf, leafBytes, mmrRootOf } from './leaf';
import * as mountain from './mountain';
import { type Refusal, Refused } from './refusal';
import * as roster from './roster';
import { type Step, type StepName, step } from './step';

/** Whose signatures are believed: the set of validators with this root. */
export interface Trust {
  /** The root over their addresses. */
  readonly root: Hex;
  /** The number of the set, where one session alone is trusted. */
  readonly set: string | null;
}

/** Who signed a bundle. */
export interface SignedBy {
  /** The number of the set. */
  readonly set: string;
  /** The root over its addresses. */
  readonly root: Hex;
  readonly validators: number;
  readonly signed: number;
}

/** By what a set is known to be the chain's: somebody named its root, or a contract on Ethereum knows it. */
export type Under =
  | { readonly by: 'root'; readonly trust: Trust }
  | {
      readonly by: 'contract';
      readonly chainId: bigint;
      readonly contract: Hex;
      readonly knows: 'root' | 'set';
    };

/** What is left when every step was taken, or one was refused. */
export type Verdict =
  | { readonly kind: 'proven'; readonly under: Under; readonly by: SignedBy }
  /** Everything else holds, and the set is the bundle's: anybody can make one up. */
  | { readonly kind: 'set_from_bundle'; readonly by: SignedBy }
  | { readonly kind: 'refused'; readonly step: StepName; readonly why: Refusal };

/** What was checked of a text, and what it proves. */
export interface Verification {
  readonly steps: readonly Step[];
  /** What the text says. `null` when it could not be read. What is refused proves nothing of it. */
  readonly bundle: Bundle | null;
  readonly verdict: Verdict;
}

/** A root that somebody typed or pasted, and a number of a set or nothing. `null` when it is none. */
export function trustOf(root: string, set = ''): Trust | null {
  const [hash, number] = [root.trim().toLowerCase(), set.trim()];
  const isRoot = isHex(hash) && lengthOf(hash) === 32;
  if (!isRoot || !/^(?:|0|[1-9][0-9]{0,19})$/.test(number)) return null;
  return { root: hash, set: number === '' ? null : number };
}

/** Checks a text and says what it proves. Without `trust` the set is taken from the bundle. */
export function verify(text: Uint8Array, trust: Trust | null): Verification {
  const steps: Step[] = [];
  const walk = check(text, trust);
  for (;;) {
    const next = walk.next();
    if (next.done === true) return { steps, ...next.value };
    steps.push(next.value);
  }
}

/** As {@link verify}, a step at a time: a page may draw each before it asks for the next. */
export function* check(text: Uint8Array, trust: Trust | null): Generator<Step, Omit<Verification, 'steps'>> {
  let bundle: Bundle | null = null;
  let last: StepName = 'text';
  const walk = checked(text, trust, (read) => {
    bundle = read;
  });
  try {
    for (;;) {
      const next = walk.next();
      if (next.done === true) return { bundle, verdict: next.value };
      last = next.value.name;
      yield next.value;
    }
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { bundle, verdict: { kind: 'refused', step: last, why: error.why } };
  }
}

function* checked(
  text: Uint8Array,
  trust: Trust | null,
  read: (bundle: Bundle) => void,
): Generator<Step, Verdict> {
  const bundle = yield* textStep(text);
  read(bundle);
  yield* itemSteps(bundle.item, bundle.leaf);
  yield* leafSteps(bundle);
  const by = yield* signatureSteps(bundle);
  if (trust === null) return { kind: 'set_from_bundle', by };
  yield* trustStep(by, trust);
  return { kind: 'proven', under: { by: 'root', trust }, by };
}

function textStep(text: Uint8Array): Generator<Step, Bundle> {
  return step('text', (notes) => {
    notes.from('bytes', text.length);
    const sealed = unseal(text);
    notes.from('seal', sealed.written);
    notes.computed('seal', sealed.found);
    return parse(sealed);
  });
}

function* leafSteps({ leaf, mmr, commitment }: Bundle): Generator<Step, void> {
  const [index, count] = [leaf.parent_number, commitment.block];
  const signed = yield* step('commitment', (notes) => {
    notes.from('signed_block', count);
    notes.from('set_number', commitment.set);
    const root = mmrRootOf(commitment);
    notes.computed('signed_root', root);
    notes.computed('digest', hexOf(digestOf(commitment)));
    return root;
  });
  // Every block from the first adds a leaf, about the one before it: index and count follow from the heights.
  yield* step('leaf', (notes) => {
    notes.from('block', index);
    notes.from('block_hash', leaf.parent_hash);
    notes.from('signed_block', count);
    notes.from('partners', mmr.length);
    notes.from('signed_root', signed);
    const hash = keccak(leafBytes(leaf));
    notes.computed('leaf_hash', hexOf(hash));
    const found = mountain.rootOf(hash, index, count, mmr);
    notes.computed('mmr_root', found);
    if (found !== signed) throw new Refused({ code: 'other_root', found, signed });
  });
}

function* signatureSteps({ commitment, signatures, validators }: Bundle): Generator<Step, SignedBy> {
  const root = yield* step('set', (notes) => {
    notes.from('set_number', commitment.set);
    notes.from('validators', validators.length);
    const found = roster.rootOf(validators);
    notes.computed('set_root', found);
    return found;
  });
  const signed = yield* step('signatures', (notes) => {
    const digest = digestOf(commitment);
    notes.from('digest', hexOf(digest));
    notes.from('validators', validators.length);
    notes.from('wanted', roster.threshold(validators.length));
    const found = roster.signersOf(digest, signatures, validators);
    notes.computed('signed', found);
    return found;
  });
  return { set: commitment.set, root, validators: validators.length, signed };
}

function trustStep({ set, root }: SignedBy, trust: Trust): Generator<Step, void> {
  return step('trust', (notes) => {
    notes.from('trusted_root', trust.root);
    if (trust.set !== null) notes.from('trusted_set', trust.set);
    notes.computed('set_root', root);
    notes.computed('set_number', set);
    if (trust.root !== root) throw new Refused({ code: 'other_set', set, root, trusted: trust.root });
    if (trust.set !== null && trust.set !== set) {
      throw new Refused({ code: 'other_set_number', set, trusted: trust.set });
    }
  });
}

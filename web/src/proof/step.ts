import { type Refusal, Refused } from './refusal';

/** What is checked, in the order of a bundle's way: an item has its own one or two steps. */
export type StepName =
  | 'text'
  | 'receipt'
  | 'batch'
  | 'vehicle'
  | 'anchor'
  | 'header'
  | 'state'
  | 'commitment'
  | 'leaf'
  | 'set'
  | 'signatures'
  | 'trust'
  | 'contract';

/** What a value is. */
export type What =
  | 'bytes'
  | 'seal'
  | 'order'
  | 'row'
  | 'rides'
  | 'place'
  | 'items'
  | 'partners'
  | 'item_hash'
  | 'leaf_hash'
  | 'batch_root'
  | 'checkpoint_root'
  | 'header_hash'
  | 'header_number'
  | 'block'
  | 'block_hash'
  | 'state_root'
  | 'nodes'
  | 'key'
  | 'value_hash'
  | 'signed_block'
  | 'mmr_root'
  | 'signed_root'
  | 'digest'
  | 'validators'
  | 'set_number'
  | 'set_root'
  | 'signed'
  | 'wanted'
  | 'trusted_root'
  | 'trusted_set'
  | 'chain'
  | 'contract'
  | 'latest_block'
  | 'current_set'
  | 'next_set'
  | 'holds_root'
  | 'knows_set';

/** A value as it is shown: a number in digits, or bytes in hexadecimal. */
export interface Value {
  readonly what: What;
  readonly is: string;
}

/** One step: from what, what was computed, and why it does not hold. */
export interface Step {
  readonly name: StepName;
  readonly from: readonly Value[];
  readonly computed: readonly Value[];
  /** `null`: it holds. */
  readonly refused: Refusal | null;
}

/** Writes down what a step works with. */
export interface Notes {
  /** A value that is given. Returns nothing. */
  from(what: What, is: string | number): void;
  /** A value that was computed. */
  computed(what: What, is: string | number): void;
}

/** Runs a step and shows it, also when it is refused: then it throws the refusal. */
export function* step<T>(name: StepName, work: (notes: Notes) => T): Generator<Step, T> {
  const [from, computed]: [Value[], Value[]] = [[], []];
  const notes: Notes = {
    from: (what, is) => from.push({ what, is: String(is) }),
    computed: (what, is) => computed.push({ what, is: String(is) }),
  };
  let made: T;
  try {
    made = work(notes);
  } catch (error) {
    if (error instanceof Refused) yield { name, from, computed, refused: error.why };
    throw error;
  }
  yield { name, from, computed, refused: null };
  return made;
}

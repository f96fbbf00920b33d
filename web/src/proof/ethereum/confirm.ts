/** Whether the contract on Ethereum knows what a bundle rests on: the root that was signed, or the set that signed it. */
import type { Bundle } from '../bundle';
import { mmrRootOf } from '../leaf';
import { Refused } from '../refusal';
import { type Step, step } from '../step';
import type { SignedBy, Under, Verdict, Verification } from '../verify';
import type { Held } from './contract';

/**
 * Adds the step by the contract. Where the set was the bundle's, its verdict is the contract's from here on; what was proven
 * under a root that somebody named stays so, and what was refused is not looked at.
 */
export function confirm(verification: Verification, held: Held): Verification {
  const { bundle, verdict, steps } = verification;
  if (bundle === null || verdict.kind === 'refused') return verification;
  const made: Step[] = [];
  const own = verdictOf(bundle, verdict.by, held, made);
  const isDone = verdict.kind === 'proven';
  return { bundle, steps: [...steps, ...made], verdict: isDone ? verdict : own };
}

function verdictOf(bundle: Bundle, by: SignedBy, held: Held, made: Step[]): Verdict {
  try {
    const walk = contractStep(bundle, by, held);
    for (;;) {
      const next = walk.next();
      if (next.done === true) return { kind: 'proven', under: next.value, by };
      made.push(next.value);
    }
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { kind: 'refused', step: 'contract', why: error.why };
  }
}

function contractStep({ leaf, commitment }: Bundle, by: SignedBy, held: Held): Generator<Step, Under> {
  const { chainId, contract, current, next, latest } = held;
  return step('contract', (notes) => {
    notes.from('chain', String(chainId));
    notes.from('contract', contract);
    notes.from('latest_block', latest);
    notes.from('current_set', current.id);
    notes.from('next_set', next.id);
    notes.from('signed_block', commitment.block);
    notes.from('signed_root', mmrRootOf(commitment));
    notes.from('set_root', by.root);
    const knowsSet = [current, next].some(({ root, length }) => root === by.root && length === by.validators);
    notes.computed('holds_root', held.holds ? 'yes' : 'no');
    notes.computed('knows_set', knowsSet ? 'yes' : 'no');
    if (leaf.parent_number === 0 && leaf.parent_hash !== held.genesis) {
      throw new Refused({ code: 'other_chain', found: leaf.parent_hash, genesis: held.genesis });
    }
    if (!held.holds && !knowsSet) {
      const [block, set] = [commitment.block, by.set];
      throw new Refused({ code: 'contract_knows_neither', block, set, latest, current: current.id });
    }
    return { by: 'contract', chainId, contract, knows: held.holds ? 'root' : 'set' };
  });
}

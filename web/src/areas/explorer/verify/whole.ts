import { confirm, type Held, type Hex, type Step, type Verification, type What } from '../../../proof';
import type { State } from './state';

/** What was checked here, with what the contract on Ethereum said of it, where it was asked. */
export function verificationOf(state: State, held: Held | undefined): Verification | undefined {
  if (state.phase !== 'checked') return undefined;
  return held === undefined ? state.verification : confirm(state.verification, held);
}

/** A value that a step computed. */
function computed(steps: readonly Step[], name: Step['name'], what: What): string | undefined {
  return steps.find((step) => step.name === name)?.computed.find((value) => value.what === what)?.is;
}

/** The root over the addresses of the set in a bundle; nothing where the check did not come so far. */
export function setRootOf({ steps }: Verification): Hex | undefined {
  return computed(steps, 'set', 'set_root') as Hex | undefined;
}

/** The root of the MMR that was signed. */
export function signedRootOf({ steps }: Verification): Hex | undefined {
  return computed(steps, 'commitment', 'signed_root') as Hex | undefined;
}

// Where the check of a bundle stands. What is shown follows from this alone.
import type { Step, Trust, Verification } from '../../../proof';
import type { Report } from './run';

/** A bundle that is here: its bytes as they came, and what its file is called. */
export interface Loaded {
  readonly name: string;
  readonly text: Uint8Array;
}

export type State =
  /** There is nothing to check yet. */
  | { readonly phase: 'waiting' }
  | {
      readonly phase: 'checking';
      readonly run: number;
      readonly loaded: Loaded;
      readonly trust: Trust | null;
      readonly steps: readonly Step[];
      /** What an earlier check of the same bundle found, under another trust. */
      readonly before: Verification | undefined;
    }
  | {
      readonly phase: 'checked';
      readonly run: number;
      readonly loaded: Loaded;
      readonly trust: Trust | null;
      readonly verification: Verification;
    }
  /** The checker did not come to an end. Nothing is said of the proof. */
  | { readonly phase: 'broke'; readonly run: number; readonly loaded: Loaded; readonly message: string };

export type Action =
  | { readonly do: 'check'; readonly run: number; readonly loaded: Loaded; readonly trust: Trust | null }
  | { readonly do: 'hear'; readonly report: Report }
  | { readonly do: 'forget' };

export const waiting: State = { phase: 'waiting' };

export function advance(state: State, action: Action): State {
  switch (action.do) {
    case 'forget':
      return waiting;
    case 'check': {
      const { run, loaded, trust } = action;
      return { phase: 'checking', run, loaded, trust, steps: [], before: foundBefore(state, loaded) };
    }
    case 'hear':
      return heard(state, action.report);
  }
}

/** What is known of a bundle: by the check that ended, or by the one before the check that is under way. */
export function foundOf(state: State): Verification | undefined {
  if (state.phase === 'checked') return state.verification;
  return state.phase === 'checking' ? state.before : undefined;
}

function foundBefore(state: State, loaded: Loaded): Verification | undefined {
  return state.phase !== 'waiting' && state.loaded === loaded ? foundOf(state) : undefined;
}

/** What belongs to no check that is under way is not listened to. */
function heard(state: State, report: Report): State {
  if (state.phase !== 'checking' || report.run !== state.run) return state;
  const { run, loaded, trust, steps } = state;
  switch (report.kind) {
    case 'step':
      return { ...state, steps: [...steps, report.step] };
    case 'done':
      return { phase: 'checked', run, loaded, trust, verification: report.verification };
    case 'broke':
      return { phase: 'broke', run, loaded, message: report.message };
  }
}

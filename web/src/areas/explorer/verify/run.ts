// What the page and its worker say to each other.
import type { Step, Trust, Verification } from '../../../proof';

/** Asks for a check. `run` names it, so that what an earlier one still says is not taken for this one's. */
export interface Order {
  readonly run: number;
  readonly text: Uint8Array;
  readonly trust: Trust | null;
}

export type Report =
  | { readonly run: number; readonly kind: 'step'; readonly step: Step }
  | { readonly run: number; readonly kind: 'done'; readonly verification: Verification }
  /** The checker itself broke, which says nothing of the proof. */
  | { readonly run: number; readonly kind: 'broke'; readonly message: string };

import type { Hex } from './bytes';

/** What should stand at a place of a document. */
export type Wanted =
  | { readonly kind: 'json' | 'object' | 'fields' | 'one_field' | 'list' | 'text' }
  | { readonly kind: 'number' | 'digits'; readonly bits: number }
  | { readonly kind: 'hex'; readonly bytes: number | null }
  | { readonly kind: 'word'; readonly words: readonly string[] };

/** Why a bundle proves nothing: at which step it breaks, and how. */
export type Refusal =
  // The text.
  | { readonly code: 'too_long'; readonly bytes: number }
  | { readonly code: 'no_seal' }
  | { readonly code: 'broken_seal'; readonly written: Hex; readonly found: Hex }
  | { readonly code: 'unread'; readonly at: string; readonly wanted: Wanted }
  | { readonly code: 'other_text'; readonly byte: number }
  // The item.
  | { readonly code: 'vehicle_text'; readonly what: 'VIN' | 'plate' | 'model'; readonly bytes: number }
  | { readonly code: 'path'; readonly why: 'index' | 'length' | 'root' }
  | { readonly code: 'header' }
  | { readonly code: 'other_header'; readonly number: number; readonly hash: Hex; readonly of: Hex }
  | { readonly code: 'state_node'; readonly hash: Hex }
  | { readonly code: 'state_form' }
  | { readonly code: 'state_deep' }
  | { readonly code: 'state_superfluous' }
  | { readonly code: 'state_other_value' }
  // The leaf and the commitment.
  | { readonly code: 'payload_order' }
  | { readonly code: 'payload_missing' }
  | { readonly code: 'mmr_index'; readonly index: number; readonly count: number }
  | {
      readonly code: 'mmr_length';
      readonly index: number;
      readonly count: number;
      readonly wanted: number;
      readonly found: number;
    }
  | { readonly code: 'other_root'; readonly found: Hex; readonly signed: Hex }
  // The set and its signatures.
  | { readonly code: 'set_size'; readonly validators: number }
  | { readonly code: 'set_nobody'; readonly place: number }
  | { readonly code: 'set_twice'; readonly validator: Hex }
  | { readonly code: 'order'; readonly place: number; readonly by: number }
  | { readonly code: 'stranger'; readonly place: number; readonly by: number; readonly validators: number }
  | { readonly code: 'no_signer'; readonly by: number; readonly why: 'form' | 'high_s' | 'no_key' }
  | { readonly code: 'other_signer'; readonly by: number; readonly signer: Hex; readonly validator: Hex }
  | {
      readonly code: 'too_few';
      readonly signed: number;
      readonly validators: number;
      readonly wanted: number;
    }
  // Whose signatures they are.
  | { readonly code: 'other_set'; readonly set: string; readonly root: Hex; readonly trusted: Hex }
  | { readonly code: 'other_set_number'; readonly set: string; readonly trusted: string }
  | { readonly code: 'other_chain'; readonly found: Hex; readonly genesis: Hex }
  | {
      readonly code: 'contract_knows_neither';
      readonly block: number;
      readonly set: string;
      readonly latest: number;
      readonly current: string;
    };

/** Ends a step. Nobody but the step that is running catches it. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly why: Refusal;

  constructor(why: Refusal) {
    super(why.code);
    this.why = why;
  }
}

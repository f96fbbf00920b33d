/** Proof bundles (docs/proofs.md), verified where they are read: no server is believed. */
export type {
  AnchorItem,
  Batch,
  Bundle,
  Commitment,
  Item,
  Leaf,
  OnEthereum,
  Place,
  Receipt,
  ReceiptItem,
  Signature,
  StorageItem,
  Vehicle,
} from './bundle';
export { LONGEST } from './bundle';
export type { Hex } from './bytes';
export { confirm } from './ethereum/confirm';
export { type Asked, type Held, type Known, look, type Where, whereOf } from './ethereum/contract';
export { type Failure, type Garbled, Unanswered } from './ethereum/rpc';
export type { Refusal } from './refusal';
export type { Step, StepName, Value, What } from './step';
export {
  check,
  type SignedBy,
  type Trust,
  trustOf,
  type Under,
  type Verdict,
  type Verification,
  verify,
} from './verify';
export { type Words, words } from './words';

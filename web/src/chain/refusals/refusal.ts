/** Why the chain refused something, as it says it. */
import { InvalidTxError } from 'polkadot-api';

/** The reason, before it is put into words. */
export type Refusal =
  /** A pallet's own error. */
  | { kind: 'pallet'; pallet: string; name: string }
  /** An error of the dispatcher: `BadOrigin`, `Token.FundsUnavailable` … */
  | { kind: 'dispatch'; name: string }
  /** The transaction was not let in: `Stale`, `Payment` … */
  | { kind: 'validity'; name: string };

/** Reads a `DispatchError`. What cannot be read is named `Unknown`. */
export function dispatchRefusal(error: unknown): Refusal {
  const outer = tagged(error);
  if (!outer) return { kind: 'dispatch', name: 'Unknown' };
  const inner = tagged(outer.value);
  if (outer.type !== 'Module') {
    return { kind: 'dispatch', name: inner ? `${outer.type}.${inner.type}` : outer.type };
  }
  const name = inner && tagged(inner.value);
  return inner && name
    ? { kind: 'pallet', pallet: inner.type, name: name.type }
    : { kind: 'dispatch', name: 'Unknown' };
}

/** Reads what a node answers to a transaction that it does not let in, or undefined for other errors. */
export function validityRefusal(error: unknown): Refusal | undefined {
  if (!(error instanceof InvalidTxError)) return undefined;
  const outer = tagged(error.error);
  const inner = outer && tagged(outer.value);
  return { kind: 'validity', name: inner?.type ?? outer?.type ?? 'Unknown' };
}

/** A value of an enumeration. */
export function tagged(value: unknown): { type: string; value: unknown } | undefined {
  if (typeof value !== 'object' || value === null || !('type' in value)) return undefined;
  if (typeof value.type !== 'string') return undefined;
  return { type: value.type, value: 'value' in value ? value.value : undefined };
}

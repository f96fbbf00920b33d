import { ask } from '../../../index/ask';
import { anchorProofQuery, rideProofQuery, vehicleProofQuery } from './queries';
import type { Subject } from './subject';

/** A proof is made when it is asked for, by a node that may be busy with others. */
const patience = { timeoutMs: 40_000 };

/** The text of a bundle, as the index gives it; `null`: there is no such thing. */
export async function fetchProof({ kind, id }: Subject, signal: AbortSignal): Promise<string | null> {
  const options = { ...patience, signal };
  switch (kind) {
    case 'ride':
      return (await ask(rideProofQuery, { id }, options)).ride?.proof ?? null;
    case 'vehicle':
      return (await ask(vehicleProofQuery, { id }, options)).vehicle?.proof ?? null;
    case 'anchor':
      return (await ask(anchorProofQuery, { id }, options)).anchor?.proof ?? null;
  }
}

/** What the file of a proof is called. */
export function fileName({ kind, id }: Subject): string {
  return `${kind}-${id}.proof.json`;
}

// Machines that companies registered to join the network, and which of them may.
import { nodeKey } from '../../../format/peers';
import { type Membership, standingOf } from '../../../format/standing';
import type { MachineFilter } from '../graphql/graphql';

/** `stopped`: its company may not act, which keeps it out unless it validates in the present session. */
export type MachineState = 'registered' | 'stopped' | 'removed';

export interface Machine {
  readonly removed: boolean;
  readonly company: Membership | null;
}

/** @param nowMs missing: as of an earlier block */
export function stateOf({ removed, company }: Machine, nowMs?: number): MachineState {
  if (removed) return 'removed';
  const standing = company === null ? undefined : standingOf(company, nowMs);
  return standing === undefined || standing === 'active' ? 'registered' : 'stopped';
}

export interface Search {
  /** A peer id, a key, or a part of a label. */
  readonly node?: string | undefined;
  readonly company?: string | undefined;
  readonly kind?: string | undefined;
  readonly state?: string | undefined;
}

/** What is asked for, by what the address says. */
export function filterOf({ node, company, kind, state }: Search): MachineFilter {
  const key = node === undefined ? undefined : nodeKey(node);
  const all = { or: [{ removed: true }, { removed: false }] };
  return {
    ...(state === 'registered' || state === 'removed' ? { removed: state === 'removed' } : all),
    ...(company === undefined ? {} : { company }),
    ...(kind === undefined ? {} : { kind }),
    ...(key !== undefined ? { node: key } : node === undefined ? {} : { label_contains_nocase: node }),
  };
}

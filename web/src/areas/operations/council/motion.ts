// A motion of the council: who voted how, and where that leaves it. The rules are those of the chain's pallet_collective with
// `AbsentIsNo`: who does not vote has not agreed.
import type { DecodedCall } from '../../../chain/metadata';

/** What is voted on. */
export interface Motion {
  readonly hash: string;
  readonly index: number;
  /** Votes that it takes. */
  readonly threshold: number;
  readonly ayes: readonly string[];
  readonly nays: readonly string[];
  /** The first block in which it can be closed whatever its votes. */
  readonly end: number;
  /** What the council would do. Missing: the runtime of now has no such call. */
  readonly call: DecodedCall | undefined;
  /** How long the call is, encoded. */
  readonly bytes: number;
}

export type Standing =
  /** It has the votes: who closes it has it carried out. */
  | 'carried'
  /** It cannot get the votes any more: who closes it drops it. */
  | 'lost'
  /** Its time is over without the votes: who closes it drops it. */
  | 'expired'
  | 'voting';

export interface Tally {
  readonly standing: Standing;
  readonly ayes: number;
  readonly nays: number;
  /** Ayes that are still missing. */
  readonly missing: number;
  /** Members who have not voted. */
  readonly silent: readonly string[];
}

type Votes = Pick<Motion, 'threshold' | 'ayes' | 'nays' | 'end'>;

/** Where a motion stands in a council of these members, at a block. */
export function tallyOf(motion: Votes, members: readonly string[], block: number): Tally {
  const ayes = motion.ayes.length;
  const nays = motion.nays.length;
  const voted = new Set([...motion.ayes, ...motion.nays]);
  return {
    standing: standingOf(motion, members.length, block),
    ayes,
    nays,
    missing: Math.max(0, motion.threshold - ayes),
    silent: members.filter((member) => !voted.has(member)),
  };
}

function standingOf(motion: Votes, seats: number, block: number): Standing {
  if (motion.ayes.length >= motion.threshold) return 'carried';
  if (seats - motion.nays.length < motion.threshold) return 'lost';
  return block >= motion.end ? 'expired' : 'voting';
}

/** How an account voted. Undefined: it has not. */
export function voteOf(motion: Pick<Motion, 'ayes' | 'nays'>, account: string): 'aye' | 'nay' | undefined {
  if (motion.ayes.includes(account)) return 'aye';
  return motion.nays.includes(account) ? 'nay' : undefined;
}

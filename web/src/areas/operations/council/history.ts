// Motions out of the council's events: which were proposed, who voted how, and what became of them.
import { ss58 } from '../../../format/ids';

/** An event of the council, as the index has it. */
export interface EventRow {
  readonly id: string;
  readonly blockNumber: number;
  readonly time: string;
  readonly extrinsicPlace: number | null;
  readonly name: string;
  readonly fields: unknown;
}

/** A call of `Council.propose`, as the index has it. */
export interface CallRow {
  readonly blockNumber: number;
  readonly extrinsicPlace: number;
  readonly args: unknown;
}

export interface Vote {
  readonly account: string;
  readonly aye: boolean;
  readonly time: string;
}

export type Ending = 'open' | 'carried' | 'failed' | 'dropped';

export interface PastMotion {
  /** Its number: the council counts from 0. */
  readonly index: number;
  readonly hash: string;
  readonly proposedBy: string;
  readonly threshold: number;
  readonly time: string;
  /** The event of its end; of its beginning while it is open. */
  readonly event: string;
  readonly endedAt: string | undefined;
  /** Each account's last vote, in the order of these votes. */
  readonly votes: readonly Vote[];
  readonly ending: Ending;
  /** Why what was agreed on could not be done, as the index writes a `DispatchError`. */
  readonly error: unknown;
  /** The arguments of `Council.propose`. Missing: the index was not asked for so old ones. */
  readonly proposal: unknown;
}

type Json = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface Draft extends Omit<PastMotion, 'votes' | 'ending' | 'event' | 'endedAt' | 'error'> {
  votes: Map<string, Vote>;
  ending: Ending;
  event: string;
  endedAt: string | undefined;
  error: unknown;
}

/**
 * The motions of these events, the newest first. Those whose beginning is not among them are left out. A hash may come again: it
 * is another motion each time.
 */
export function motionsOf(events: readonly EventRow[], calls: readonly CallRow[]): readonly PastMotion[] {
  const open = new Map<string, Draft>();
  const all: Draft[] = [];
  const inOrder = [...events].sort(byPlace);
  for (const event of inOrder) {
    const fields = isRecord(event.fields) ? event.fields : {};
    const hash = typeof fields.proposal_hash === 'string' ? fields.proposal_hash : '';
    if (event.name === 'Proposed') {
      const begun = begin(event, fields, hash, proposalAt(calls, event));
      open.set(hash, begun);
      all.push(begun);
      continue;
    }
    const motion = open.get(hash);
    if (motion !== undefined) happened(motion, event, fields);
  }
  return all.reverse().map(({ votes, ...rest }) => ({ ...rest, votes: [...votes.values()] }));
}

/** By block and place: `12-3` is before `12-10`. */
function byPlace(a: EventRow, b: EventRow): number {
  const place = ({ id }: EventRow) => Number(id.split('-')[1] ?? 0);
  return a.blockNumber - b.blockNumber || place(a) - place(b);
}

function begin(event: EventRow, fields: Json, hash: string, proposal: unknown): Draft {
  return {
    index: Number(fields.proposal_index ?? 0),
    hash,
    proposedBy: accountOf(fields.account),
    threshold: Number(fields.threshold ?? 0),
    time: event.time,
    event: event.id,
    endedAt: undefined,
    votes: new Map(),
    ending: 'open',
    error: undefined,
    proposal,
  };
}

function happened(motion: Draft, event: EventRow, fields: Json): void {
  switch (event.name) {
    case 'Voted': {
      const account = accountOf(fields.account);
      // Who changes her vote stands where she voted last.
      motion.votes.delete(account);
      motion.votes.set(account, { account, aye: fields.voted === true, time: event.time });
      return;
    }
    case 'Executed': {
      const error = isRecord(fields.result) && 'Err' in fields.result ? fields.result.Err : undefined;
      end(motion, event, error === undefined ? 'carried' : 'failed', error);
      return;
    }
    case 'Disapproved':
    case 'Killed':
      end(motion, event, 'dropped', undefined);
  }
}

function end(motion: Draft, event: EventRow, ending: Ending, error: unknown): void {
  motion.ending = ending;
  motion.event = event.id;
  motion.endedAt = event.time;
  motion.error = error;
}

/** What was proposed by the extrinsic. Several in one, as in a batch, are not told apart: then none is shown. */
function proposalAt(calls: readonly CallRow[], event: EventRow): unknown {
  const here = calls.filter(
    ({ blockNumber, extrinsicPlace }) =>
      blockNumber === event.blockNumber && extrinsicPlace === event.extrinsicPlace,
  );
  return here.length === 1 ? here[0]?.args : undefined;
}

function accountOf(json: unknown): string {
  try {
    return ss58(String(json));
  } catch {
    return '';
  }
}

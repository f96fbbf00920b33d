// The council as the chain has it now. Brings polkadot-api along: loaded with the pages that use it.
import { EMPTY, from, type Observable } from 'rxjs';
import { catchError, exhaustMap, timeout } from 'rxjs/operators';
import * as v from 'valibot';
import type { Chain, Head } from '../../../chain/connection';
import { type DecodedCall, isCall } from '../../../chain/metadata';
import type { Motion } from './motion';

export interface Council {
  /** The block at which it is so. */
  readonly block: number;
  /** Accounts that may propose and vote. */
  readonly members: readonly string[];
  /** What is voted on, the newest first. */
  readonly motions: readonly Motion[];
}

const Accounts = v.array(v.string());
const Hashes = v.array(v.string());
const Votes = v.object({
  index: v.number(),
  threshold: v.number(),
  ayes: Accounts,
  nays: Accounts,
  end: v.number(),
});

/** What is proposed under a hash never changes while it is voted on. */
const proposals = new Map<string, Pick<Motion, 'call' | 'bytes'>>();

/** A block that is not answered for so long is given up. */
const patienceMs = 20_000;

/** The council after each block: the newest, which may still be replaced. A block that comes meanwhile is left out. */
export function council$(chain: Chain): Observable<Council> {
  // A node that does not answer once is asked again at the next block.
  return chain.best$.pipe(
    exhaustMap((head) =>
      from(councilAt(chain, head)).pipe(
        timeout(patienceMs),
        catchError(() => EMPTY),
      ),
    ),
  );
}

export async function councilAt(chain: Chain, head: Head): Promise<Council> {
  const [members, hashes] = await Promise.all([
    chain.read('Council', 'Members', [], head.hash),
    chain.read('Council', 'Proposals', [], head.hash),
  ]);
  const found = await Promise.all(
    v.parse(Hashes, hashes ?? []).map((hash) => motionOf(chain, hash, head.hash)),
  );
  return {
    block: head.number,
    members: v.parse(Accounts, members ?? []),
    motions: found.filter((motion) => motion !== undefined).sort((a, b) => b.index - a.index),
  };
}

async function motionOf(chain: Chain, hash: string, at: string): Promise<Motion | undefined> {
  const [votes, proposal] = await Promise.all([
    chain.read('Council', 'Voting', [hash], at),
    proposalOf(chain, hash, at),
  ]);
  return votes === undefined ? undefined : { hash, ...v.parse(Votes, votes), ...proposal };
}

async function proposalOf(chain: Chain, hash: string, at: string): Promise<Pick<Motion, 'call' | 'bytes'>> {
  const known = proposals.get(hash);
  if (known !== undefined) return known;
  const call = await callAt(chain, hash, at);
  if (call === undefined) return { call, bytes: 0 };
  const found = { call, bytes: (await chain.metadata()).encodeCall(call).length };
  proposals.set(hash, found);
  return found;
}

async function callAt(chain: Chain, hash: string, at: string): Promise<DecodedCall | undefined> {
  // A call of an older runtime may not be readable any more: the motion is there all the same.
  const call = await chain.read('Council', 'ProposalOf', [hash], at).catch(() => undefined);
  return isCall(call) ? call : undefined;
}

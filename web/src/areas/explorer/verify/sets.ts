// What the connected node says of the validators who sign: the set at a block, and the next one.
import * as v from 'valibot';
import { hex } from '../../../chain/calls/words';
import type { Chain } from '../../../chain/connection';
import type { Hex } from '../../../proof';

/** A set of validators, as pallet-beefy-mmr keeps it. */
export interface NodeSet {
  readonly number: string;
  readonly validators: number;
  readonly root: Hex;
}

export interface NodeSets {
  /** The block at which they were read. Nothing: the node's state of that block is gone, and they are the present ones. */
  readonly block: number | undefined;
  readonly current: NodeSet;
  readonly next: NodeSet;
}

const schema = v.pipe(
  v.object({ id: v.bigint(), len: v.number(), keyset_commitment: v.unknown() }),
  v.transform(
    ({ id, len, keyset_commitment: root }): NodeSet => ({
      number: String(id),
      validators: len,
      root: hex(root).toLowerCase() as Hex,
    }),
  ),
);

/** The sets at the block that was signed; where that state is gone, the present ones. */
export async function setsOf(chain: Chain, block: number): Promise<NodeSets> {
  const hash = await chain.request('chain_getBlockHash', block);
  if (typeof hash === 'string') {
    try {
      return { block, ...(await read(chain, hash)) };
    } catch {
      // The state of old blocks is not kept by every node; a set that did not change has the same root now.
    }
  }
  return { block: undefined, ...(await read(chain, undefined)) };
}

async function read(chain: Chain, at: string | undefined): Promise<Pick<NodeSets, 'current' | 'next'>> {
  const [current, next] = await Promise.all([
    chain.read('BeefyMmr', 'BeefyAuthorities', [], at),
    chain.read('BeefyMmr', 'BeefyNextAuthorities', [], at),
  ]);
  return { current: v.parse(schema, current), next: v.parse(schema, next) };
}

/** The set with this root, if the node knows it. */
export function withRoot(sets: NodeSets, root: Hex): NodeSet | undefined {
  return [sets.current, sets.next].find((set) => set.root === root);
}

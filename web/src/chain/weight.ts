/** What calls weigh, as who has one carried out by others must say before. */
import * as v from 'valibot';
import type { Chain } from './connection';
import type { DecodedCall } from './metadata';

/** Of a block's time, in picoseconds, and of what proves its state, in bytes. */
export interface Weight {
  ref_time: bigint;
  proof_size: bigint;
}

const Info = v.object({ weight: v.object({ ref_time: v.bigint(), proof_size: v.bigint() }) });

/**
 * What a call weighs at most. Rejects when the node does not tell.
 * @param bytes how long it is, encoded
 */
export async function weightOf(chain: Chain, call: DecodedCall, bytes: number): Promise<Weight> {
  const { TransactionPaymentCallApi: api } = chain.client.getUnsafeApi().apis;
  const info: unknown = await api?.query_call_info?.(call, bytes);
  return v.parse(Info, info).weight;
}

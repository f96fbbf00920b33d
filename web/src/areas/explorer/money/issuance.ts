// What the node says of all money at a block.
import * as v from 'valibot';
import type { Chain } from '../../../chain/connection';

/** What was issued, at a block. Units of 10⁻⁶ CNY. */
export async function issuanceAt(chain: Chain, hash: string): Promise<bigint> {
  return v.parse(v.bigint(), await chain.read('Balances', 'TotalIssuance', [], hash));
}

const digits = v.pipe(
  v.string(),
  v.regex(/^\d{1,39}$/),
  v.transform((text) => BigInt(text)),
);

const supply = v.object({ ledger_account: digits, ledgers: digits });
const invariants = v.object({ holds: v.boolean(), violation: v.nullable(v.string()) });

export interface Invariants {
  readonly holds: boolean;
  readonly violation: string | null;
  /** What drivers are owed, by the ledgers, and what lies on the account that owes it. */
  readonly ledgers: bigint;
  readonly ledgerAccount: bigint;
}

/** The chain's own check of everything. `null`: the node does that for nobody from outside (20009). */
export async function invariantsAt(chain: Chain, hash: string): Promise<Invariants | null> {
  try {
    const [checked, all] = [
      v.parse(invariants, await chain.request('smartlink_checkInvariants', hash)),
      v.parse(supply, await chain.request('smartlink_supply', hash)),
    ];
    return { ...checked, ledgers: all.ledgers, ledgerAccount: all.ledger_account };
  } catch (error) {
    if (codeOf(error) === 20_009) return null;
    throw error;
  }
}

function codeOf(error: unknown): number | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'number'
    ? error.code
    : undefined;
}

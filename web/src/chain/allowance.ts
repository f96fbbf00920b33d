/** Fees that companies are spared: on whose allowance an account draws, and what is left of it. */
import * as v from 'valibot';
import type { Chain } from './connection';
import { companyName } from './known';
import type { Metadata } from './metadata';

/** In units of 10⁻⁶ CNY of fees. */
export interface Allowance {
  left: bigint;
  max: bigint;
  /** What comes back with each block. */
  recovery: bigint;
}

/** The company on whose allowance an account draws. */
export interface Payer extends Allowance {
  company: number;
  /** Missing: it has none that can be read. */
  name: string | undefined;
}

type Asked = Pick<Chain, 'ask' | 'metadata' | 'read'>;

const API = 'AllowanceApi';
const Company = v.optional(v.number());
const Amounts = v.tuple([v.bigint(), v.bigint(), v.bigint()]);

/** An id that no company has: what it is told is what holds for all that have no allowance of their own. */
const NOBODY = 0;

/** Who bears the fees of an account as long as there is room. Undefined: it does itself, as with an older runtime. */
export async function payerOf(chain: Asked, address: string): Promise<Payer | undefined> {
  if (!knows(await chain.metadata())) return undefined;
  const company = v.parse(Company, await chain.ask(API, 'payer', [address]));
  if (company === undefined) return undefined;
  const [allowance, name] = await Promise.all([allowanceOf(chain, company), companyName(chain, company)]);
  return allowance && { ...allowance, company, name };
}

/** The allowance of a company. Undefined: the runtime is an older one. */
export async function allowanceOf(chain: Asked, company: number): Promise<Allowance | undefined> {
  if (!knows(await chain.metadata())) return undefined;
  const [left, max, recovery] = v.parse(Amounts, await chain.ask(API, 'allowance', [company]));
  return { left, max, recovery };
}

/** The allowance of a company that the council gave none of its own. Undefined: the runtime is an older one. */
export function commonAllowance(chain: Asked): Promise<Allowance | undefined> {
  return allowanceOf(chain, NOBODY);
}

function knows(metadata: Metadata): boolean {
  return metadata.hasApi(API, 'payer') && metadata.hasApi(API, 'allowance');
}

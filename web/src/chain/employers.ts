/** For whom an account works: the companies on whose allowances it may draw. */
import * as v from 'valibot';
import { readable } from './calls/words';
import type { Chain } from './connection';

export interface Employer {
  company: number;
  /** Missing: it has none that can be read. */
  name: string | undefined;
}

/** Companies that are looked at. */
const MOST_COMPANIES = 1_000;

const Company = v.object({
  name: v.instance(Uint8Array),
  treasury: v.string(),
  standing: v.object({ type: v.string() }),
  until: v.optional(v.bigint()),
});
const Role = v.object({ expires: v.optional(v.bigint()) });
const Validators = v.array(v.object({ account: v.string(), company: v.number() }));
const Driver = v.object({
  employments: v.array(v.object({ company: v.number(), status: v.object({ type: v.string() }) })),
});

/**
 * The companies that may act now and for which an account works: with a role, as a driver, as treasury or as a validator. The same as
 * `pallet-allowance` asks when somebody draws on one.
 */
export async function employersOf(
  chain: Pick<Chain, 'read'>,
  account: string,
  nowS: number,
): Promise<readonly Employer[]> {
  const [next, validators, drives] = await Promise.all([
    chain.read('Consortium', 'NextCompany'),
    chain.read('Validators', 'Validators'),
    drivesFor(chain, account),
  ]);
  const running = v.parse(Validators, validators ?? []).filter((one) => one.account === account);
  const without = new Set([...running.map(({ company }) => company), ...drives]);
  const count = Math.min(v.parse(v.number(), next ?? 1) - 1, MOST_COMPANIES);
  const found = await Promise.all(
    Array.from({ length: count }, async (_, at) => {
      const id = at + 1;
      const [value, role] = await Promise.all([
        chain.read('Consortium', 'Companies', [id]),
        chain.read('Consortium', 'Roles', [id, account]),
      ]);
      if (value === undefined) return [];
      const company = v.parse(Company, value);
      const acts = company.standing.type === 'Active' && !isOver(company.until, nowS);
      const works =
        without.has(id) ||
        company.treasury === account ||
        (role !== undefined && !isOver(v.parse(Role, role).expires, nowS));
      return acts && works ? [{ company: id, name: readable(company.name) }] : [];
    }),
  );
  return found.flat();
}

async function drivesFor(chain: Pick<Chain, 'read'>, account: string): Promise<readonly number[]> {
  const driver = await chain.read('Drivers', 'DriverOf', [account]);
  if (driver === undefined) return [];
  const value = await chain.read('Drivers', 'Drivers', [driver]);
  if (value === undefined) return [];
  const { employments } = v.parse(Driver, value);
  return employments.filter(({ status }) => status.type !== 'Left').map(({ company }) => company);
}

/** A moment of the chain, in seconds of the Unix epoch, is the first at which something is void. */
function isOver(moment: bigint | undefined, nowS: number): boolean {
  return moment !== undefined && moment <= BigInt(nowS);
}

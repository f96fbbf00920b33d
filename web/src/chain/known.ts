/** Names that the chain itself knows: of companies, their treasuries and vehicles, of applicants and machines. */
import * as v from 'valibot';
import type { Language } from '../i18n/setup';
import { type Description, describeCall } from './calls/describe';
import { firstName, type Names, NO_NAMES } from './calls/names';
import { readable } from './calls/words';
import type { Chain } from './connection';
import type { DecodedCall, Metadata } from './metadata';

const Company = v.object({ name: v.instance(Uint8Array), treasury: v.string() });
const Vehicle = v.object({ plate: v.instance(Uint8Array) });
const Application = v.object({ name: v.instance(Uint8Array) });
const Node = v.object({ label: v.instance(Uint8Array) });
/** Companies that are read for their names. */
const MOST_COMPANIES = 500;
/** Things of one kind in one call that are looked up; the others go by their numbers. */
const MOST_THINGS = 50;

/** The name of a company, if it can be read. */
export async function companyName(chain: Pick<Chain, 'read'>, id: number): Promise<string | undefined> {
  const value = await chain.read('Consortium', 'Companies', [id]);
  const company = v.safeParse(Company, value);
  return company.success ? readable(company.output.name) : undefined;
}

/** Names of all companies and their treasuries. */
export async function companyNames(chain: Chain, language: Language): Promise<Names> {
  const next = v.parse(v.number(), (await chain.read('Consortium', 'NextCompany')) ?? 1);
  const ids = Array.from({ length: Math.min(next - 1, MOST_COMPANIES) }, (_, at) => at + 1);
  const found = await Promise.all(ids.map((id) => chain.read('Consortium', 'Companies', [id])));
  const companies = new Map<number, string>();
  const treasuries = new Map<string, string>();
  found.forEach((value, at) => {
    if (value === undefined) return;
    const company = v.parse(Company, value);
    const name = readable(company.name);
    if (name === undefined) return;
    companies.set(at + 1, name);
    treasuries.set(company.treasury, language === 'zh' ? `${name}资金账户` : `treasury of ${name}`);
  });
  return {
    ...NO_NAMES,
    company: (id) => companies.get(id),
    account: (address) => treasuries.get(address),
  };
}

/**
 * Describes a call with the names that the reader and the chain know.
 * @param own names that go before those of the chain, such as those of the reader's own accounts
 */
export async function describeWithNames(
  chain: Chain,
  metadata: Metadata,
  call: DecodedCall,
  language: Language,
  own: Names = NO_NAMES,
): Promise<Description> {
  const companies = await companyNames(chain, language).catch(() => NO_NAMES);
  const asked = { vehicles: new Set<number>(), applications: new Set<number>(), nodes: new Set<string>() };
  const asking: Names = {
    ...NO_NAMES,
    vehicle: (id) => void asked.vehicles.add(id),
    application: (id) => void asked.applications.add(id),
    node: (key) => void asked.nodes.add(key),
  };
  describeCall(metadata, call, language, asking);
  const [plates, applicants, labels] = await Promise.all([
    namesOf(chain, ['Vehicles', 'Vehicles'], asked.vehicles, plateOf),
    namesOf(chain, ['Consortium', 'Applications'], asked.applications, applicantOf),
    namesOf(chain, ['Nodes', 'Nodes'], asked.nodes, labelOf),
  ]);
  const things: Names = {
    ...NO_NAMES,
    vehicle: (id) => plates.get(id),
    application: (id) => applicants.get(id),
    node: (key) => labels.get(key),
  };
  return describeCall(metadata, call, language, firstName(own, companies, things));
}

const plateOf = (value: unknown) => v.parse(Vehicle, value).plate;
const applicantOf = (value: unknown) => v.parse(Application, value).name;
const labelOf = (value: unknown) => v.parse(Node, value).label;

/** The names of things, by their keys in a map of the chain. Those that cannot be read are left out. */
async function namesOf<Key>(
  chain: Chain,
  [pallet, item]: readonly [pallet: string, item: string],
  keys: ReadonlySet<Key>,
  nameOf: (value: unknown) => Uint8Array,
): Promise<ReadonlyMap<Key, string>> {
  const found = await Promise.all(
    [...keys].slice(0, MOST_THINGS).map(async (key) => {
      const value = await chain.read(pallet, item, [key]).catch(() => undefined);
      const name = value === undefined ? undefined : read(value, nameOf);
      return name === undefined ? [] : ([[key, name]] as const);
    }),
  );
  return new Map(found.flat());
}

function read(value: unknown, nameOf: (value: unknown) => Uint8Array): string | undefined {
  try {
    return readable(nameOf(value));
  } catch {
    // A later runtime keeps it differently.
    return undefined;
  }
}

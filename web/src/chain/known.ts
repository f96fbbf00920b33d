/** Names that the chain itself knows: of companies, their treasuries and vehicles. */
import * as v from 'valibot';
import type { Language } from '../i18n/setup';
import { type Description, describeCall } from './calls/describe';
import { firstName, type Names, NO_NAMES } from './calls/names';
import { readable } from './calls/words';
import type { Chain } from './connection';
import type { DecodedCall, Metadata } from './metadata';

const Company = v.object({ name: v.instance(Uint8Array), treasury: v.string() });
const Vehicle = v.object({ plate: v.instance(Uint8Array) });
/** Companies that are read for their names. */
const MOST_COMPANIES = 500;
/** Vehicles of one call that are looked up; the others go by their numbers. */
const MOST_VEHICLES = 50;

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
  const asked = new Set<number>();
  const asking: Names = { ...NO_NAMES, vehicle: (id) => void asked.add(id) };
  describeCall(metadata, call, language, asking);
  const plates = await platesOf(chain, [...asked].slice(0, MOST_VEHICLES));
  const vehicles: Names = { ...NO_NAMES, vehicle: (id) => plates.get(id) };
  return describeCall(metadata, call, language, firstName(own, companies, vehicles));
}

async function platesOf(chain: Chain, ids: number[]): Promise<Map<number, string>> {
  const found = await Promise.all(
    ids.map(async (id) => {
      const value = await chain.read('Vehicles', 'Vehicles', [id]).catch(() => undefined);
      const parsed = v.safeParse(Vehicle, value);
      const plate = parsed.success ? readable(parsed.output.plate) : undefined;
      return plate === undefined ? [] : ([[id, plate]] as const);
    }),
  );
  return new Map(found.flat());
}

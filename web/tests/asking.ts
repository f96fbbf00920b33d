/** What tests ask the services themselves, as other programs do: JSON-RPC of a company, GraphQL of the index. */
import { expect } from '@playwright/test';
import { noAnswer, readError } from '../src/api/errors';
import { persist } from '../src/api/persist';
import { type Company, portalOf } from './story';

/** How long the index may be behind. */
const SOON_MS = 240_000;
const ANSWER_MS = 30_000;

async function post(url: string, body: object, token?: string): Promise<unknown> {
  const headers = {
    'content-type': 'application/json',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const signal = AbortSignal.timeout(ANSWER_MS);
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), signal });
  return answer.json();
}

/** Calls a method of a company's api; once more when the service has no time. Commands come with their idempotency key. */
export function call<T>(company: Company, method: string, params: object, token?: string): Promise<T> {
  return persist(async () => {
    const body = { jsonrpc: '2.0', id: 1, method, params };
    let answer: { result?: T; error?: unknown };
    try {
      answer = (await post(`${portalOf(company)}/`, body, token)) as typeof answer;
    } catch {
      throw noAnswer(method, ANSWER_MS);
    }
    if (answer.result === undefined) throw readError(answer.error, method);
    return answer.result;
  });
}

/** Where the portal of a company says that the index or the node is. */
export async function placeOf(company: Company, what: 'index' | 'node'): Promise<string> {
  const portal = portalOf(company);
  const answer = await fetch(`${portal}/portal.json`, { signal: AbortSignal.timeout(ANSWER_MS) });
  const places = (await answer.json()) as Record<typeof what, string>;
  return new URL(places[what], portal).href;
}

async function graphql<T>(query: string): Promise<T> {
  const { data, errors } = (await post(await placeOf(1, 'index'), { query })) as {
    data?: T;
    errors?: object[];
  };
  if (data === undefined || errors !== undefined) throw new Error(`the index says ${JSON.stringify(errors)}`);
  return data;
}

export interface SettledRide {
  id: string;
  order: string;
  fare: string;
}

/** The oldest ride that a company has settled. */
export async function settledRide(company: Company): Promise<SettledRide> {
  const where = `where: { company: "${company}", kind: "Trip" }`;
  const query = `{ rides(${where}, orderBy: time, first: 1) { id order fare } }`;
  let found: SettledRide | undefined;
  await expect(async () => {
    [found] = (await graphql<{ rides: SettledRide[] }>(query)).rides;
    expect(found, 'a settled ride in the index').toBeDefined();
  }).toPass({ timeout: SOON_MS });
  if (found === undefined) throw new Error('there is no settled ride');
  return found;
}

/** What the two companies are called. */
export async function names(): Promise<Record<Company, string>> {
  const query = '{ companies(first: 10) { company name } }';
  const { companies } = await graphql<{ companies: { company: number; name: string }[] }>(query);
  const name = (id: Company) => {
    const found = companies.find(({ company }) => company === id);
    if (found === undefined) throw new Error(`the index has no company ${id}`);
    return found.name;
  };
  return { 1: name(1), 2: name(2) };
}

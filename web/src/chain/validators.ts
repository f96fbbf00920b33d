/** Who makes blocks now, and for which company. */
import { from, type Observable } from 'rxjs';
import { distinctUntilChanged, map, switchMap } from 'rxjs/operators';
import * as v from 'valibot';
import type { Chain } from './connection';

export interface ActiveValidator {
  account: string;
  /** Missing: it left the consortium after this session was planned. */
  company: number | undefined;
  /** Reported for an offence and switched off until the council forgives it. */
  disabled: boolean;
}

export interface Session {
  index: number;
  validators: ActiveValidator[];
}

const Accounts = v.array(v.string());
const Members = v.array(v.object({ account: v.string(), company: v.number() }));
const Disabled = v.array(v.tuple([v.number(), v.unknown()]));

/** The present session, at a block or at the best one. */
export async function currentSession(chain: Chain, at?: string): Promise<Session> {
  const [index, accounts, members, disabled] = await Promise.all([
    chain.read('Session', 'CurrentIndex', [], at),
    chain.read('Session', 'Validators', [], at),
    chain.read('Validators', 'Validators', [], at),
    chain.read('Session', 'DisabledValidators', [], at),
  ]);
  const companies = new Map(v.parse(Members, members ?? []).map((m) => [m.account, m.company]));
  const off = new Set(v.parse(Disabled, disabled ?? []).map(([place]) => place));
  const validators = v.parse(Accounts, accounts ?? []).map((account, place) => ({
    account,
    company: companies.get(account),
    disabled: off.has(place),
  }));
  return { index: v.parse(v.number(), index ?? 0), validators };
}

/** The session after each final block. */
export function session$(chain: Chain): Observable<Session> {
  return chain.finalised$.pipe(
    switchMap((head) => from(currentSession(chain, head.hash))),
    map((session) => ({ key: JSON.stringify(session), session })),
    distinctUntilChanged((a, b) => a.key === b.key),
    map(({ session }) => session),
  );
}

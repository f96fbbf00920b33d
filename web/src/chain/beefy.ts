/** BEEFY: the finality that Ethereum can check. */
import { from, type Observable, of } from 'rxjs';
import { catchError, distinctUntilChanged, filter, map, startWith, switchMap } from 'rxjs/operators';
import type { Chain, Head } from './connection';

/** The newest block with a BEEFY justification; undefined while there is none. */
export function beefyHead$(chain: Chain): Observable<Head | undefined> {
  return chain.subscribe('beefy_subscribeJustifications', 'beefy_unsubscribeJustifications').pipe(
    map(() => undefined),
    startWith(undefined),
    switchMap(() => from(beefyHead(chain)).pipe(catchError(() => of(undefined)))),
    distinctUntilChanged((a, b) => a?.hash === b?.hash),
  );
}

/** As `beefyHead$`, once. Rejects when the node does not answer. */
export async function beefyHead(chain: Chain): Promise<Head | undefined> {
  // Before its first justification the node answers with an error.
  const hash = await chain.request('beefy_getFinalizedHead').catch(() => undefined);
  if (typeof hash !== 'string') return undefined;
  const number = await numberOf(chain, hash);
  return number === undefined ? undefined : { hash, number };
}

/** How many final blocks Ethereum cannot check yet. */
export function beefyLag$(chain: Chain): Observable<number> {
  return beefyHead$(chain).pipe(
    filter((head) => head !== undefined),
    switchMap((beefy) => chain.finalised$.pipe(map((final) => Math.max(0, final.number - beefy.number)))),
    distinctUntilChanged(),
  );
}

async function numberOf(chain: Chain, hash: string): Promise<number | undefined> {
  const header = await chain.request('chain_getHeader', hash);
  if (typeof header !== 'object' || header === null || !('number' in header)) return undefined;
  return typeof header.number === 'string' ? Number.parseInt(header.number, 16) : undefined;
}

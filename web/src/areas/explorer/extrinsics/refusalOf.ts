import type { Refusal } from '../../../chain/refusals/refusal';

/** Errors of the dispatcher that have parts: `Token.FundsUnavailable` is no pallet's. */
const dispatchers: ReadonlySet<string> = new Set(['Token', 'Arithmetic', 'Transactional', 'Trie']);

/** What the index calls an error by name, as the chain's own kinds of refusal. */
export function refusalOf(error: string): Refusal {
  const [head = '', name] = error.split('.');
  if (name === undefined || dispatchers.has(head)) return { kind: 'dispatch', name: error };
  return { kind: 'pallet', pallet: head, name };
}

/** Of which chain the company's service is: the node has to be of the same. */
import { post } from '../api/http';

const WITHIN_MS = 5_000;
let known: string | undefined;

/** Genesis hash of the service's chain. Rejects with `ApiError` where the service does not tell it. */
export async function genesisOfService(): Promise<string> {
  known ??= (await post('system_version', {}, null, { timeoutMs: WITHIN_MS })).chain;
  return known;
}

/** The same; undefined while the service cannot be reached. */
export async function expectedGenesis(): Promise<string | undefined> {
  return genesisOfService().catch(() => undefined);
}

/** Of which chain the company's service is: the node has to be of the same. */
import { post } from '../api/http';

const WITHIN_MS = 5_000;
let known: string | undefined;

/** Genesis hash of the service's chain; undefined while the service cannot be reached. */
export async function expectedGenesis(): Promise<string | undefined> {
  try {
    known ??= (await post('system_version', {}, null, { signal: AbortSignal.timeout(WITHIN_MS) })).chain;
  } catch {
    return undefined;
  }
  return known;
}

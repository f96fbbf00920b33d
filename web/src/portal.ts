// What the browser may know of the deployment: /portal.json of the api role that serves these files.
import * as v from 'valibot';

const url = (...protocols: readonly string[]) =>
  v.pipe(
    v.string(),
    v.transform((text) => new URL(text, globalThis.location?.href)),
    v.check((parsed) => protocols.includes(parsed.protocol), `expected ${protocols.join(' or ')}`),
    v.transform((parsed) => parsed.href),
  );

const schema = v.strictObject({
  company: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4_294_967_295)),
  genesis: v.optional(v.pipe(v.string(), v.regex(/^0x[0-9a-f]{64}$/))),
  node: url('ws:', 'wss:'),
  index: url('http:', 'https:'),
  ethereum: v.nullable(
    v.strictObject({
      url: url('http:', 'https:'),
      contract: v.pipe(v.string(), v.regex(/^0x[0-9a-fA-F]{40}$/)),
    }),
  ),
  tiles: v.nullable(v.string()),
});

export interface Portal {
  /** The company whose deployment this is. */
  readonly company: number;
  /** Hash of the chain's block 0. Missing in development: the api tells it as well. */
  readonly genesis?: string | undefined;
  /** WebSocket of a node of the chain. */
  readonly node: string;
  /** GraphQL of the index. Its subscriptions are at the same address over WebSocket. */
  readonly index: string;
  /** Where the chain's roots are anchored. Null: it is not told. */
  readonly ethereum: { readonly url: string; readonly contract: string } | null;
  /** Address of a tile server, or of its style. Null: the offline base alone. */
  readonly tiles: string | null;
}

/** Says what is wrong with /portal.json. */
export class BadPortal extends Error {
  override readonly name = 'BadPortal';
}

export function parsePortal(json: unknown): Portal {
  let result: v.SafeParseResult<typeof schema>;
  try {
    result = v.safeParse(schema, json);
  } catch (error) {
    throw new BadPortal(`portal.json: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new BadPortal(`portal.json: ${v.getDotPath(issue) ?? 'all of it'}: ${issue.message}`);
}

let loaded: Portal | undefined;

/** Loads it once. It has 10 s. */
export async function loadPortal(): Promise<Portal> {
  if (loaded !== undefined) return loaded;
  const answer = await fetch('/portal.json', { signal: AbortSignal.timeout(10_000), cache: 'no-cache' });
  if (!answer.ok) throw new BadPortal(`portal.json: HTTP ${answer.status}`);
  loaded = parsePortal(await answer.json());
  return loaded;
}

/** What was loaded. The pages are shown only afterwards. */
export function portal(): Portal {
  if (loaded === undefined) throw new Error('portal.json is not loaded yet');
  return loaded;
}

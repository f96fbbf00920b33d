// Exports of the index over HTTP (docs/exports.md): begun by one address, followed by another, and fetched from a third.
import * as v from 'valibot';
import { type ExportRequest, exportAddress, exportsAt } from './request';

const timeoutMs = 15_000;

/** Why there is no file. The index's own sentence says what to do. */
export class ExportRefused extends Error {
  override readonly name = 'ExportRefused';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }

  /** Whether this index makes exports at all. */
  get isNotOffered(): boolean {
    return this.status === 501;
  }
}

const about = v.object({ signer: v.nullable(v.string()) });

/** Who signs what this index exports; `null`: nobody does. */
export async function signerOf(graphql: string, signal: AbortSignal): Promise<string | null> {
  return v.parse(about, await get(exportsAt(graphql), signal)).signer;
}

/** Has an export made, or finds it. Answers the address at which it is followed. */
export async function begin(graphql: string, request: ExportRequest, signal: AbortSignal): Promise<string> {
  const address = exportAddress(graphql, request);
  // The answer sends on to the file, which may not be there yet (503): its address names the export either way.
  const own = new AbortController();
  const stop = AbortSignal.any([signal, own.signal, AbortSignal.timeout(timeoutMs)]);
  const answer = await fetch(address, { signal: stop });
  const place = statusAddress(answer.url, graphql);
  if (place === undefined) throw new ExportRefused(answer.status, (await answer.text()).trim());
  // What comes is fetched again by who saves it.
  own.abort();
  return place;
}

/** `…/exports/ID` of `…/exports/ID/batches-5000.csv`; nothing for an address that is no file's. */
export function statusAddress(file: string, graphql: string): string | undefined {
  const all = `${exportsAt(graphql)}/`;
  if (!file.startsWith(all)) return undefined;
  const [id, name] = file.slice(all.length).split('/');
  return id === undefined || name === undefined || id === '' ? undefined : `${all}${id}`;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const status = v.object({
  state: v.picklist(['waiting', 'making', 'ready', 'failed']),
  rows: v.nullish(count),
  all: v.nullish(count),
  bytes: count,
  sha256: v.nullish(v.string()),
  kept_s: v.nullish(count),
  file: v.string(),
  manifest: v.string(),
  signature: v.nullish(v.string()),
  why: v.nullish(v.string()),
});

export type ExportStatus = v.InferOutput<typeof status>;

export async function statusOf(address: string, signal: AbortSignal): Promise<ExportStatus> {
  return v.parse(status, await get(address, signal));
}

/** The answer as JSON. What is none comes from somebody else than an index. */
async function get(address: string, signal: AbortSignal): Promise<unknown> {
  const answer = await fetch(address, { signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) });
  const text = await answer.text();
  if (!answer.ok) throw new ExportRefused(answer.status, text.trim());
  try {
    return JSON.parse(text);
  } catch {
    throw new ExportRefused(502, 'What answers there is no index.');
  }
}

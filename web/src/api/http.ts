// JSON-RPC over HTTP: one call, one POST, one answer within its time.
import * as v from 'valibot';
import { type ApiError, badAnswer, noAnswer, noConnection, readError } from './errors';
import type { Calls } from './methods';

export type Method = keyof Calls;
export type Params<M extends Method> = Calls[M]['params'];
export type Answer<M extends Method> = Calls[M]['answer'];

export interface CallOptions {
  /** Gives the call up: it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** How long it may take. 10 s where nothing is said; the service itself stops after 5. */
  readonly timeoutMs?: number | undefined;
}

const envelope = v.union([
  v.object({ jsonrpc: v.literal('2.0'), result: v.unknown() }),
  v.object({ jsonrpc: v.literal('2.0'), error: v.unknown() }),
]);

let lastId = 0;

/** Sends one call. Rejects with `ApiError`, or with the reason of `signal`. */
export async function post<M extends Method>(
  method: M,
  params: Params<M>,
  token: string | null,
  options: CallOptions = {},
): Promise<Answer<M>> {
  const timeoutMs = options.timeoutMs ?? 10_000;
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout]);
  lastId += 1;
  let status: number;
  let body: string;
  try {
    const response = await fetch('/', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: lastId, method, params }),
      signal,
    });
    status = response.status;
    body = await response.text();
  } catch (error) {
    if (options.signal?.aborted) throw options.signal.reason;
    if (timeout.aborted) throw noAnswer(method, timeoutMs);
    if (error instanceof TypeError) throw noConnection(method);
    throw error;
  }
  return read(method, status, body);
}

function read<M extends Method>(method: M, status: number, body: string): Answer<M> {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    throw notJson(method, status);
  }
  const answer = v.safeParse(envelope, json);
  if (!answer.success) throw badAnswer(method, `HTTP ${status} without an answer of JSON-RPC`);
  if ('error' in answer.output) throw readError(answer.output.error, method);
  // What the service answers is what docs/openrpc.json says; its own tests hold it to that.
  return answer.output.result as Answer<M>;
}

function notJson(method: string, status: number): ApiError {
  // A proxy before the service answers so while the service is away.
  return status >= 502 && status <= 504
    ? noConnection(method)
    : badAnswer(method, `HTTP ${status}, not JSON`);
}

/** JSON-RPC over HTTP: one question, one answer, each within its time and its size. */
import { type Hex, isHex } from '../bytes';

/** Bytes of the longest answer that is read: what is asked for here has some hundred. */
const LONGEST = 64 << 10;

/** Characters of what a node says that are shown. */
const MOST_SAID = 300;

/** What an answer is not. */
export type Garbled =
  | 'long'
  | 'json'
  | 'object'
  | 'answer'
  | 'result'
  | 'bytes'
  | 'number'
  | 'hash'
  | 'height'
  | 'truth'
  | 'set';

/** Why there is no answer. */
export type Failure =
  | { readonly code: 'bad_url' | 'bad_address' | 'unreachable' | 'ended' }
  | { readonly code: 'silent'; readonly seconds: number }
  | { readonly code: 'status'; readonly status: number }
  | { readonly code: 'garbled'; readonly method: string; readonly why: Garbled }
  | { readonly code: 'refused'; readonly method: string; readonly said: string }
  | { readonly code: 'no_contract'; readonly chainId: bigint };

/** Nobody answered, or not as a node does. It says nothing about the bundle. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
  readonly why: Failure;

  constructor(why: Failure, cause?: unknown) {
    super(why.code, { cause });
    this.why = why;
  }
}

/** How a node is asked. */
export interface Patience {
  /** Milliseconds for each answer. */
  readonly timeoutMs: number;
  /** Ends it from outside. */
  readonly signal?: AbortSignal;
}

/** Asks a node a question whose answer is bytes or a number in hexadecimal. Throws {@link Unanswered}. */
export async function ask(
  url: string,
  method: string,
  params: readonly unknown[],
  patience: Patience,
): Promise<string> {
  const timeout = AbortSignal.timeout(patience.timeoutMs);
  const signal = patience.signal === undefined ? timeout : AbortSignal.any([timeout, patience.signal]);
  let body: string;
  try {
    body = await post(url, JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }), method, signal);
  } catch (error) {
    if (error instanceof Unanswered) throw error;
    if (timeout.aborted) throw new Unanswered({ code: 'silent', seconds: patience.timeoutMs / 1000 }, error);
    throw new Unanswered({ code: signal.aborted ? 'ended' : 'unreachable' }, error);
  }
  return resultOf(body, method);
}

/** Asks for bytes. */
export async function askBytes(
  url: string,
  method: string,
  params: readonly unknown[],
  patience: Patience,
): Promise<Hex> {
  const result = (await ask(url, method, params, patience)).toLowerCase();
  if (!isHex(result)) throw garbled(method, 'bytes');
  return result;
}

/** Asks for a number, which has no zeros in front. */
export async function askNumber(
  url: string,
  method: string,
  params: readonly unknown[],
  patience: Patience,
): Promise<bigint> {
  const result = await ask(url, method, params, patience);
  if (!/^0x(?:0|[1-9a-fA-F][0-9a-fA-F]{0,15})$/.test(result)) {
    throw garbled(method, 'number');
  }
  return BigInt(result);
}

/** Says that an answer is none. */
export function garbled(method: string, why: Garbled): Unanswered {
  return new Unanswered({ code: 'garbled', method, why });
}

async function post(url: string, question: string, method: string, signal: AbortSignal): Promise<string> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: question,
    // Nothing goes along, and nobody else is asked.
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    redirect: 'error',
    cache: 'no-store',
    signal,
  });
  const body = await read(answer, method);
  // Nodes tell errors of JSON-RPC with other statuses as well, and then the body says more.
  if (!answer.ok && !body.startsWith('{')) throw new Unanswered({ code: 'status', status: answer.status });
  return body;
}

async function read(answer: Response, method: string): Promise<string> {
  if (answer.body === null) return '';
  const [reader, decoder] = [answer.body.getReader(), new TextDecoder()];
  let [text, length] = ['', 0];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    length += value.length;
    if (length > LONGEST) {
      await reader.cancel();
      throw garbled(method, 'long');
    }
    text += decoder.decode(value, { stream: true });
  }
}

function resultOf(body: string, method: string): string {
  const answer = parsed(body, method);
  if (typeof answer !== 'object' || answer === null) throw garbled(method, 'object');
  if ('error' in answer && answer.error !== null) {
    throw new Unanswered({ code: 'refused', method, said: saidBy(answer.error) });
  }
  if (!('id' in answer) || answer.id !== 1) throw garbled(method, 'answer');
  if (!('result' in answer) || typeof answer.result !== 'string') throw garbled(method, 'result');
  return answer.result;
}

function parsed(body: string, method: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw garbled(method, 'json');
  }
}

/** What a node says of an error, as far as it may be shown. */
function saidBy(error: unknown): string {
  const isTold = typeof error === 'object' && error !== null && 'message' in error;
  const message = isTold ? error.message : error;
  const text = typeof message === 'string' ? message : JSON.stringify(message);
  return text.replaceAll(/\p{C}/gu, ' ').slice(0, MOST_SAID);
}

// Questions to the index: a typed document, its variables, one POST, one answer within its time.
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
import * as v from 'valibot';
import { portal } from '../portal';
import { IndexError } from './errors';

/** What `graphql(...)` of an area's generated folder makes. */
export type Document<Result, Variables> = DocumentTypeDecoration<Result, Variables> & { toString(): string };

/** A document without variables takes none. */
export type VariablesOf<Variables> = Variables extends Record<string, never> ? [] : [variables: Variables];

export interface AskOptions {
  readonly signal?: AbortSignal | undefined;
  /** How long it may take. 12 s where nothing is said; the index itself stops after 10. */
  readonly timeoutMs?: number | undefined;
}

const errorSchema = v.object({
  message: v.string(),
  path: v.optional(v.array(v.union([v.string(), v.number()]))),
  extensions: v.optional(v.object({ code: v.optional(v.string()) })),
});

const answerSchema = v.object({
  data: v.optional(v.nullable(v.record(v.string(), v.unknown()))),
  errors: v.optional(v.array(errorSchema)),
});

/** The error of an answer, if there is one: a part of an answer is none. */
export function indexErrorOf(errors: unknown): IndexError {
  const read = v.safeParse(v.array(errorSchema), errors);
  const first = read.success ? read.output[0] : undefined;
  if (first === undefined)
    return new IndexError('BAD_ANSWER', 'The index answered with an error that says nothing.');
  return new IndexError(first.extensions?.code ?? 'INVALID_DOCUMENT', first.message, first.path?.join('.'));
}

/** Asks. Rejects with `IndexError`, or with the reason of `options.signal`. */
export async function ask<Result, Variables>(
  document: Document<Result, Variables>,
  variables: Variables,
  options: AskOptions = {},
): Promise<Result> {
  const timeoutMs = options.timeoutMs ?? 12_000;
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout]);
  let status: number;
  let body: string;
  try {
    const response = await fetch(portal().index, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: document.toString(), variables }),
      signal,
    });
    status = response.status;
    body = await response.text();
  } catch (error) {
    if (options.signal?.aborted) throw options.signal.reason;
    if (timeout.aborted) throw new IndexError('NO_ANSWER', `No answer within ${timeoutMs / 1000} s.`);
    if (error instanceof TypeError) throw new IndexError('NO_CONNECTION', 'The index cannot be reached.');
    throw error;
  }
  return read<Result>(status, body);
}

function read<Result>(status: number, body: string): Result {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    if (status >= 500) throw new IndexError('NO_CONNECTION', `The index cannot be reached: HTTP ${status}.`);
    throw new IndexError('BAD_ANSWER', `The index answered with HTTP ${status}, not JSON.`);
  }
  const answer = v.safeParse(answerSchema, json);
  if (!answer.success)
    throw new IndexError('BAD_ANSWER', 'The index answered with something else than GraphQL.');
  if (answer.output.errors !== undefined && answer.output.errors.length > 0)
    throw indexErrorOf(answer.output.errors);
  if (answer.output.data == null) throw new IndexError('BAD_ANSWER', 'The index answered without data.');
  // What the index answers to a document is what its schema says, from which the type was made.
  return answer.output.data as Result;
}

// What can go wrong with a call, as a value with a name, a remedy and, where waiting helps, how long.
import * as v from 'valibot';
import type { errorCodes } from './methods';

/** What the browser finds by itself, besides the names of docs/api.md. */
type OwnName = 'no_connection' | 'no_answer' | 'bad_answer' | 'too_large';

/** A service may refuse by a name of its own (docs/orders.md), so any text can come. */
export type ErrorName = keyof typeof errorCodes | OwnName | (string & {});

export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly errorName: ErrorName;
  /** What to do, in English. The pages say it by `errorName` in the language of now. */
  readonly remedy: string;
  readonly retryAfterMs: number | undefined;
  /** The method or file that was asked for. */
  readonly method: string;

  constructor(error: {
    name: ErrorName;
    message: string;
    remedy: string;
    retryAfterMs?: number | undefined;
    method: string;
  }) {
    super(error.message);
    this.errorName = error.name;
    this.remedy = error.remedy;
    this.retryAfterMs = error.retryAfterMs;
    this.method = error.method;
  }

  /** Whether nothing was begun, so that the same may simply be sent again. */
  get nothingBegun(): boolean {
    return ['too_many_calls', 'overloaded', 'too_many_connections'].includes(this.errorName);
  }

  /** Whether it may or may not have been done: the same again, with the same idempotency key. */
  get unsure(): boolean {
    return ['timed_out', 'unavailable', 'no_connection', 'no_answer'].includes(this.errorName);
  }

  /** Whether the session does not hold any more. */
  get endsSession(): boolean {
    return [
      'unauthenticated',
      'session_revoked',
      'refresh_unknown',
      'refresh_reused',
      'other_company',
    ].includes(this.errorName);
  }
}

const errorSchema = v.object({
  code: v.number(),
  message: v.string(),
  data: v.optional(
    v.object({
      name: v.string(),
      remedy: v.optional(v.string()),
      retry_after_ms: v.optional(v.number()),
    }),
  ),
});

const protocolNames: Readonly<Record<number, ErrorName>> = {
  [-32602]: 'invalid_params',
  [-32007]: 'too_large',
  [-32008]: 'too_large',
};

/** An error object of JSON-RPC. */
export function readError(json: unknown, method: string): ApiError {
  const read = v.safeParse(errorSchema, json);
  if (!read.success) return badAnswer(method, 'the error has neither code nor message');
  const { code, message, data } = read.output;
  return new ApiError({
    name: data?.name ?? protocolNames[code] ?? 'internal',
    message,
    remedy: data?.remedy ?? '',
    retryAfterMs: data?.retry_after_ms,
    method,
  });
}

export function badAnswer(method: string, what: string): ApiError {
  return new ApiError({
    name: 'bad_answer',
    message: `The answer of ${method} cannot be read: ${what}.`,
    remedy: 'load the page anew; if it stays, tell the operators',
    method,
  });
}

export function noConnection(method: string): ApiError {
  return new ApiError({
    name: 'no_connection',
    message: 'The service cannot be reached.',
    remedy: 'check the network connection and try again',
    method,
  });
}

export function noAnswer(method: string, afterMs: number): ApiError {
  return new ApiError({
    name: 'no_answer',
    message: `No answer within ${afterMs / 1000} s.`,
    remedy: 'try again',
    method,
  });
}

// A call of whoever is logged in: with the token, which is renewed when its time is over.
import { ApiError } from './errors';
import { type Answer, type CallOptions, type Method, type Params, post } from './http';
import { session } from './session';

/** Calls a method. Rejects with `ApiError`, or with the reason of `options.signal`. */
export async function call<M extends Method>(
  method: M,
  params: Params<M>,
  options: CallOptions = {},
): Promise<Answer<M>> {
  const token = await session.token();
  try {
    return await post(method, params, token, options);
  } catch (error) {
    if (!(error instanceof ApiError) || token === null) throw error;
    if (error.errorName === 'token_expired') {
      return post(method, params, await session.refresh(token), options);
    }
    if (error.endsSession) session.end(error.errorName === 'session_revoked' ? 'revoked' : 'expired');
    throw error;
  }
}

/** A new idempotency key: one for each thing that somebody wants done, the same for each time it is sent. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

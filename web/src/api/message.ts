import * as v from 'valibot';

/** What comes over the WebSocket. */
export type Message =
  | { readonly kind: 'result'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: unknown }
  | {
      readonly kind: 'push';
      readonly subscription: number;
      readonly result?: unknown;
      /** The reason of the end: the subscription's last message. */
      readonly error?: unknown;
    };

const schema = v.union([
  v.pipe(
    v.object({ id: v.number(), error: v.record(v.string(), v.unknown()) }),
    v.transform(({ id, error }): Message => ({ kind: 'error', id, error })),
  ),
  v.pipe(
    v.object({ id: v.number(), result: v.unknown() }),
    v.transform(({ id, result }): Message => ({ kind: 'result', id, result })),
  ),
  v.pipe(
    v.object({
      method: v.string(),
      params: v.object({
        subscription: v.number(),
        result: v.optional(v.unknown()),
        error: v.optional(v.unknown()),
      }),
    }),
    v.transform(({ params }): Message => ({ kind: 'push', ...params })),
  ),
]);

/** The message, or null for what is none. */
export function readMessage(data: unknown): Message | null {
  if (typeof data !== 'string') return null;
  try {
    const read = v.safeParse(schema, JSON.parse(data));
    return read.success ? read.output : null;
  } catch {
    return null;
  }
}

// Subscriptions of the index over one WebSocket, which is there while somebody follows something.
import { type Client, createClient } from 'graphql-ws';
import { backoffMs } from '../api/backoff';
import { portal } from '../portal';
import { indexErrorOf } from './ask';
import { IndexError } from './errors';

let client: Client | undefined;

function connected(): Client {
  if (client === undefined) {
    const url = new URL(portal().index);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    client = createClient({
      url: url.href,
      lazy: true,
      lazyCloseTimeout: 5_000,
      retryAttempts: Number.POSITIVE_INFINITY,
      shouldRetry: () => true,
      retryWait: (attempt) => new Promise((done) => setTimeout(done, backoffMs(attempt))),
      keepAlive: 20_000,
      connectionAckWaitTimeout: 10_000,
    });
  }
  return client;
}

/** Follows until the function it gives is called. `failed` gets null when something comes again. */
export function follow(
  query: string,
  variables: Record<string, unknown>,
  next: (result: unknown) => void,
  failed: (error: IndexError | null) => void,
): () => void {
  return connected().subscribe(
    { query, variables },
    {
      next: (answer) => {
        if (answer.errors !== undefined && answer.errors.length > 0) failed(indexErrorOf(answer.errors));
        else {
          failed(null);
          next(answer.data);
        }
      },
      error: (error) =>
        failed(
          Array.isArray(error)
            ? indexErrorOf(error)
            : new IndexError('NO_CONNECTION', 'The index cannot be reached.'),
        ),
      complete: () => {},
    },
  );
}

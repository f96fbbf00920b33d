import { ApiError } from './errors';

const mostTries = 4;
const mostWaitMs = 10_000;

/**
 * Does it again, up to three times, while the service says that it has too much to do, or does not say whether it was done.
 * Only for what may come twice: questions, and commands with the same idempotency key.
 */
export async function persist<T>(
  task: () => Promise<T>,
  again: (error: ApiError) => boolean = (error) => error.unsure || error.nothingBegun,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await task();
    } catch (error) {
      if (!(error instanceof ApiError) || !again(error) || tries === mostTries) throw error;
      const wait = Math.min(error.retryAfterMs ?? 500 * 2 ** tries, mostWaitMs);
      await new Promise((done) => setTimeout(done, wait));
    }
  }
}

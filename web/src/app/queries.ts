import { QueryClient } from '@tanstack/react-query';
import { ApiError } from '../api/errors';
import { IndexError } from '../index/errors';

/** Whether the same question may have an answer in a moment; whatever else is shown at once. */
export function mayPass(error: unknown): boolean {
  if (error instanceof ApiError) return error.unsure || error.nothingBegun;
  return error instanceof IndexError && error.passes;
}

/** A question is asked three times at most, and not before the service wants it. */
export function retryDelay(failures: number, error: unknown): number {
  const wanted = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
  return Math.min(Math.max(wanted, 500 * 2 ** failures), 10_000);
}

/** The answers of all services, for as long as they are new. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      gcTime: 300_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < 2 && mayPass(error),
      retryDelay,
    },
    mutations: { retry: false },
  },
});

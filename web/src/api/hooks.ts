// The API for React.
import { type UseQueryResult, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState, useSyncExternalStore } from 'react';
import { call, newKey } from './call';
import type { ApiError } from './errors';
import type { Answer, Method, Params } from './http';
import { live } from './live';
import { access, type Keyed, type Subscriptions } from './methods';
import { persist } from './persist';
import { type Session, session } from './session';
import type { Follower, SocketState, Subscription } from './socket';

const followSession = (changed: () => void) => session.follow(changed);
const sessionNow = () => session.now();

/** Who is logged in, or null. */
export function useSession(): Session | null {
  return useSyncExternalStore(followSession, sessionNow);
}

/** Whether whoever is logged in may call the method. */
export function useMay(method: keyof typeof access): boolean {
  const now = useSession();
  const who: 'anyone' | 'logged in' | readonly string[] = access[method];
  if (who === 'anyone') return true;
  if (now === null) return false;
  return who === 'logged in' || now.roles.some((role) => who.includes(role));
}

/** The key of a method's answers in the cache. `[method]` alone, to `invalidateQueries`, means all of them. */
export function apiKey<M extends Method>(method: M, params: Params<M>): readonly unknown[] {
  return ['api', method, params];
}

/** Asks a method that changes nothing. */
export function useCall<M extends Method>(
  method: M,
  params: Params<M>,
  options: { readonly enabled?: boolean; readonly refetchInterval?: number | false } = {},
): UseQueryResult<Answer<M>, Error> {
  return useQuery<Answer<M>, Error>({
    queryKey: apiKey(method, params),
    queryFn: ({ signal }) => call(method, params, { signal }),
    ...options,
  });
}

/** What a person gives for a command: its key is made here. */
export type CommandParams<M extends Method> = Omit<Params<M>, 'idempotency_key'>;

/**
 * Has something done, once: what may not have reached the service is sent again with the same key. `changes` are the
 * methods whose answers are old afterwards.
 */
export function useCommand<M extends Keyed & Method>(method: M, changes: readonly Method[] = []) {
  const queries = useQueryClient();
  return useMutation<Answer<M>, Error, CommandParams<M>>({
    mutationFn: (params) => command(method, params),
    onSettled: async () => {
      await Promise.all(changes.map((one) => queries.invalidateQueries({ queryKey: ['api', one] })));
    },
  });
}

/** As `useCommand`, for changes that may come twice by themselves and take no key. */
export function useChange<M extends Exclude<Method, Keyed>>(method: M, changes: readonly Method[] = []) {
  const queries = useQueryClient();
  return useMutation<Answer<M>, Error, Params<M>>({
    mutationFn: (params) => persist(() => call(method, params)),
    onSettled: async () => {
      await Promise.all(changes.map((one) => queries.invalidateQueries({ queryKey: ['api', one] })));
    },
  });
}

async function command<M extends Keyed & Method>(method: M, given: CommandParams<M>): Promise<Answer<M>> {
  // Whatever the method, its parameters are those given and the key.
  const params = { ...given, idempotency_key: newKey() } as Params<M>;
  return persist(() => call(method, params));
}

/** Follows something while the component is there. `params` may be new objects each time; `null` follows nothing. */
export function useFollow<S extends Subscription>(
  method: S,
  params: Subscriptions[S]['params'] | null,
  follower: Follower<S>,
): ApiError | null {
  const [failure, setFailure] = useState<ApiError | null>(null);
  const next = useEffectEvent(follower.next);
  const begin = useEffectEvent(() => follower.begin?.());
  const failed = useEffectEvent((error: ApiError) => follower.failed?.(error));
  const text = JSON.stringify(params);
  const account = useSession()?.account;
  // biome-ignore lint/correctness/useExhaustiveDependencies: somebody else's session follows anew.
  useEffect(() => {
    setFailure(null);
    if (text === 'null') return;
    return live.follow(method, JSON.parse(text) as Subscriptions[S]['params'], {
      next: (pushed) => next(pushed),
      begin: () => {
        setFailure(null);
        begin();
      },
      failed: (error) => {
        setFailure(error);
        failed(error);
      },
    });
  }, [method, text, account]);
  return failure;
}

const watchLive = (changed: () => void) => live.watch(changed);
const liveNow = () => live.now();

/** How the connection for what is pushed stands. */
export function useLive(): SocketState {
  return useSyncExternalStore(watchLive, liveNow);
}

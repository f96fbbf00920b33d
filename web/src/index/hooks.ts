// The index for React.
import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState } from 'react';
import { ask, type Document } from './ask';
import type { IndexError } from './errors';

export interface AskHookOptions {
  readonly enabled?: boolean;
  /** Asks again so often, in ms. */
  readonly refetchInterval?: number | false;
  /** How long an answer is new, in ms. 5 s where nothing is said; `Infinity` for what never changes. */
  readonly staleTime?: number;
  /** Shows the page before while the next one is asked for. */
  readonly keepPrevious?: boolean;
}

/** The key of an answer in the cache. */
export function askKey<Result, Variables>(
  document: Document<Result, Variables>,
  variables: Variables,
): readonly unknown[] {
  return ['index', document.toString(), variables];
}

/** Asks the index, and again with other variables. */
export function useAsk<Result, Variables>(
  document: Document<Result, Variables>,
  variables: Variables,
  options: AskHookOptions = {},
): UseQueryResult<Result, Error> {
  const { keepPrevious, ...rest } = options;
  return useQuery<Result, Error>({
    queryKey: askKey(document, variables),
    queryFn: ({ signal }) => ask(document, variables, { signal }),
    ...(keepPrevious === true ? { placeholderData: keepPreviousData } : {}),
    ...rest,
  });
}

/**
 * Follows a subscription of the index while the component is there; `null` variables follow nothing. After a lost
 * connection it begins anew with the same variables: rows may come twice, their ids tell.
 */
export function useFollowIndex<Result, Variables>(
  document: Document<Result, Variables>,
  variables: Variables | null,
  next: (result: Result) => void,
): IndexError | null {
  const [failure, setFailure] = useState<IndexError | null>(null);
  const onNext = useEffectEvent(next);
  const text = document.toString();
  const key = JSON.stringify(variables);
  useEffect(() => {
    setFailure(null);
    if (key === 'null') return;
    let over = false;
    let stop = () => {};
    import('./follow').then(({ follow }) => {
      if (over) return;
      stop = follow(
        text,
        JSON.parse(key),
        // What comes is what the document's type says.
        (result) => onNext(result as Result),
        setFailure,
      );
    });
    return () => {
      over = true;
      stop();
    };
  }, [text, key]);
  return failure;
}

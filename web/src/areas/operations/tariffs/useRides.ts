import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { ask } from '../../../index/ask';
import { portal } from '../../../portal';
import type { PreviewRidesQuery, PreviewRidesQueryVariables } from '../graphql/graphql';
import type { SettledRide } from './preview';
import { ridesQuery } from './queries';
import { type RideRow, settledRide } from './rides';

/** Rides of one question, and of all of them: enough for a day of a large city, and done in seconds. */
const page = 500;
const most = 20_000;

export interface Rides {
  readonly rides: readonly SettledRide[];
  /** By which tariff each was settled, by its id. */
  readonly tariffOf: ReadonlyMap<string, string>;
  /** Whether there are more. */
  readonly isCut: boolean;
}

/** Settled rides of a city that began in a span of time, from the index, page by page. */
export function useRides(city: number, fromMs: number, untilMs: number): UseQueryResult<Rides, Error> {
  return useQuery<Rides, Error>({
    queryKey: ['operations', 'preview', city, fromMs, untilMs],
    queryFn: ({ signal }) => load(city, fromMs, untilMs, signal),
    staleTime: 60_000,
  });
}

async function load(city: number, fromMs: number, untilMs: number, signal: AbortSignal): Promise<Rides> {
  const rows: RideRow[] = [];
  const span = { from: new Date(fromMs).toISOString(), until: new Date(untilMs).toISOString() };
  let after: string | null = null;
  while (rows.length < most) {
    const variables: PreviewRidesQueryVariables = {
      company: portal().company,
      city,
      ...span,
      first: page,
      after,
    };
    const { ridesConnection }: PreviewRidesQuery = await ask(ridesQuery, variables, { signal });
    rows.push(...ridesConnection.nodes);
    if (!ridesConnection.pageInfo.hasNextPage || ridesConnection.pageInfo.endCursor === null) {
      return ridesOf(rows, false);
    }
    after = ridesConnection.pageInfo.endCursor;
  }
  return ridesOf(rows, true);
}

function ridesOf(rows: readonly RideRow[], isCut: boolean): Rides {
  return {
    rides: rows.flatMap((row) => settledRide(row) ?? []),
    tariffOf: new Map(rows.flatMap(({ id, tariffId }) => (tariffId === null ? [] : [[id, tariffId]]))),
    isCut,
  };
}

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { openPortalChain } from '../../../chain/shared';
import { useCompanies } from '../tariffs/useCompanies';
import { type Seat, seatsOf } from './seats';

export interface Seats {
  readonly seats: readonly Seat[];
  /** What a company is called. */
  readonly company: (id: number) => string;
  /** For whom an account votes, by name. */
  readonly nameOf: (account: string) => string | undefined;
}

/** A node that does not answer is asked again so often. */
const againMs = 2_000;

/** The seats of the council and their companies. While the node has not answered, nobody's company is known. */
export function useSeats(members: readonly string[]): Seats {
  const { name: company } = useCompanies();
  const { data } = useQuery({
    queryKey: ['chain', 'seats', members],
    enabled: members.length > 0,
    queryFn: async () => seatsOf(await openPortalChain(), members),
    staleTime: 30_000,
    retry: true,
    retryDelay: againMs,
  });
  return useMemo(() => {
    const seats = data ?? members.map((account) => ({ account, company: undefined }));
    const of = new Map(seats.map((seat) => [seat.account, seat.company]));
    const nameOf = (account: string) => {
      const id = of.get(account);
      return id === undefined ? undefined : company(id);
    };
    return { seats, company, nameOf };
  }, [data, members, company]);
}

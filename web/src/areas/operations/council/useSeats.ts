import { useMemo } from 'react';
import { accountHex } from '../../../format/ids';
import { useAsk } from '../../../index/hooks';
import { useNow } from '../../../ui/useNow';
import { seatHoldersQuery } from './queries';
import { type Seat, seatsOf } from './seats';

export interface Seats {
  readonly seats: readonly Seat[];
  /** The name of a company, where the index has one. */
  readonly company: (id: number) => string | undefined;
  /** For whom an account acts, by name: the first of several. */
  readonly nameOf: (account: string) => string | undefined;
}

/** The seats of the council and their companies, as far as the index knows them. */
export function useSeats(members: readonly string[]): Seats {
  const now = useNow(60_000);
  const accounts = members.map(accountHex);
  const { data } = useAsk(seatHoldersQuery, { accounts }, { enabled: members.length > 0, staleTime: 30_000 });
  return useMemo(() => {
    const companies = data?.companies ?? [];
    const names = new Map(companies.map(({ company, name }) => [company, name]));
    const company = (id: number) => names.get(id) ?? undefined;
    const seats = seatsOf(members, companies, data?.roles ?? [], now);
    const of = new Map(seats.map(({ account, companies: [first] }) => [account, first]));
    const nameOf = (account: string) => {
      const id = of.get(account);
      return id === undefined ? undefined : company(id);
    };
    return { seats, company, nameOf };
  }, [data, members, now]);
}

import { graphql } from '../graphql';

/** The company's seats: who drives for it, by the chain. */
export const seatsQuery = graphql(`
  query FleetSeats($company: Int!, $from: Int!) {
    seats(
      where: { companyId: $company, seat_gte: $from }
      orderBy: seat
      orderDirection: asc
      first: 51
    ) {
      id
      seat
      driverId
      account
      status
      withdrawn
    }
  }
`);

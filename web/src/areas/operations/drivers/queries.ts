import { graphql } from '../graphql';

/** Everybody who drives, or drove, for a company. */
export const seatsQuery = graphql(`
  query OperationsSeats($where: SeatFilter!, $company: Int!) {
    seats(where: $where, first: 1000, orderBy: seat) {
      id
      seat
      driverId
      account
      status
      inactiveSince
      time
    }
    perDriver: ridesAggregate(where: { companyId: $company }, groupBy: [driverId], first: 1000) {
      driverId
      count
    }
  }
`);

/** A driver of a company: the seat, what was earned, and the last rides. */
export const driverQuery = graphql(`
  query OperationsDriver($company: Int!, $driver: Int!) {
    seats(where: { companyId: $company, driverId: $driver }, first: 1) {
      id
      seat
      account
      status
      inactiveSince
      withdrawn
      history(first: 100) {
        blockNumber
        fact
        time
        status
      }
    }
    ridesAggregate(where: { companyId: $company, driverId: $driver }) {
      count
      sum {
        driverShare
        fare
        distanceM
      }
    }
    rides(where: { companyId: $company, driverId: $driver }, first: 20, orderBy: time, orderDirection: desc) {
      id
      order
      pickup
      kind
      distanceM
      fare
      driverShare
    }
  }
`);

import { graphql } from '../graphql';

/** What a driver earned with a company, by the hour: days and weeks of the local clock are made of hours. */
export const earnedQuery = graphql(`
  query Earned($company: Int!, $driver: Int!, $since: DateTime!) {
    ridesAggregate(
      where: { companyId: $company, driverId: $driver, time_gte: $since }
      interval: hour
      first: 1000
      orderDirection: desc
    ) {
      time
      count
      sum {
        driverShare
        distanceM
      }
    }
  }
`);

export const withdrawalsQuery = graphql(`
  query DriverWithdrawals($company: Int!, $seat: Int!, $account: Bytes!, $first: Int!, $after: String) {
    withdrawalsConnection(
      where: { companyId: $company, seat: $seat, account: $account }
      first: $first
      after: $after
      orderBy: time
      orderDirection: desc
    ) {
      totalCount
      nodes {
        id
        time
        amount
        blockNumber
        extrinsicPlace
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

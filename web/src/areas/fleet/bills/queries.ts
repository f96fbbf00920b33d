import { graphql } from '../graphql';

/** All that was ever settled, and the block up to which the index says so. */
export const totalsQuery = graphql(`
  query FleetTotals($company: Int!, $id: ID!) {
    _meta {
      block {
        number
        hash
      }
    }
    batchesAggregate(where: { companyId: $company }) {
      count
      sum {
        rideCount
        gross
        drivers
        platform
        thirdParties
      }
    }
    ridesAggregate(where: { companyId: $company }) {
      count
      sum {
        fare
        tolls
        driverShare
        platform
        thirdParties
      }
    }
    withdrawalsAggregate(where: { companyId: $company }) {
      count
      sum {
        amount
      }
    }
    company(id: $id) {
      name
      treasury
      funded
      released
    }
  }
`);

/** What was settled since a time, by day, kind and counterparty. */
export const settledQuery = graphql(`
  query FleetSettled($company: Int!, $since: DateTime!) {
    days: batchesAggregate(
      interval: day
      where: { companyId: $company, time_gte: $since }
      first: 400
      orderDirection: desc
    ) {
      time
      count
      sum {
        rideCount
        gross
        drivers
        platform
        thirdParties
      }
    }
    kinds: ridesAggregate(groupBy: [kind], where: { companyId: $company, time_gte: $since }, first: 100) {
      kind
      count
      sum {
        fare
        tolls
        driverShare
        platform
        thirdParties
      }
    }
    shares: sharesAggregate(groupBy: [toId], where: { companyId: $company, time_gte: $since }, first: 1000) {
      toId
      count
      sum {
        amount
      }
    }
  }
`);

export const batchesQuery = graphql(`
  query FleetBatches($company: Int!, $before: BigInt!) {
    batches(
      where: { companyId: $company, number_lt: $before }
      orderBy: number
      orderDirection: desc
      first: 21
    ) {
      id
      number
      blockNumber
      time
      rideCount
      gross
      drivers
      platform
      thirdParties
    }
  }
`);

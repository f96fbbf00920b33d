import { graphql } from '../graphql';

export const driversQuery = graphql(`
  query Drivers($where: SeatFilter, $first: Int, $after: String, $last: Int, $before: String, $at: BlockHeight) {
    seatsConnection(
      where: $where
      first: $first
      after: $after
      last: $last
      before: $before
      block: $at
      orderBy: driverId
      orderDirection: asc
    ) {
      totalCount
      nodes {
        id
        companyId
        seat
        driverId
        account
        status
        inactiveSince
        withdrawn
        blockNumber
        time
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`);

export const driverQuery = graphql(`
  query Driver($id: ID!, $driver: Int!, $at: BlockHeight) {
    driver(id: $id, block: $at) {
      id
      account
      blockNumber
      time
      seats(first: 100) {
        id
        companyId
        seat
        account
        status
        inactiveSince
        withdrawn
        blockNumber
      }
    }
    _meta {
      block {
        number
      }
    }
    rides: ridesAggregate(where: { driverId: $driver }, block: $at) {
      count
      sum {
        fare
        tolls
        driverShare
        distanceM
        durationS
      }
    }
    days: ridesAggregate(where: { driverId: $driver }, interval: day, first: 60, orderDirection: desc, block: $at) {
      time
      count
      sum {
        driverShare
      }
    }
  }
`);

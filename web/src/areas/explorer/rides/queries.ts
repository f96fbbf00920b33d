import { graphql } from '../graphql';

export const ridesQuery = graphql(`
  query Rides(
    $where: RideFilter
    $first: Int
    $after: String
    $last: Int
    $before: String
    $orderBy: RideOrderBy
    $orderDirection: OrderDirection
    $at: BlockHeight
  ) {
    ridesConnection(
      where: $where
      first: $first
      after: $after
      last: $last
      before: $before
      orderBy: $orderBy
      orderDirection: $orderDirection
      block: $at
    ) {
      totalCount
      nodes {
        id
        companyId
        batchId
        row
        order
        driverId
        city
        kind
        pickup
        distanceM
        durationS
        fare
        tolls
        driverShare
        platform
        thirdParties
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

export const rideQuery = graphql(`
  query Ride($id: ID!) {
    ride(id: $id) {
      id
      companyId
      batchId
      row
      order
      seat
      driverId
      account
      city
      tariffId
      kind
      pickup
      distanceM
      durationS
      waitingS
      surgePermille
      fare
      tolls
      driverShare
      platform
      thirdParties
      blockNumber
      time
      extrinsic {
        id
        hash
      }
      batch {
        number
        rideCount
        receiptsRoot
      }
      tariff {
        id
        number
        tariff
      }
    }
  }
`);

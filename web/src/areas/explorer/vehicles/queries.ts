import { graphql } from '../graphql';

export const vehiclesQuery = graphql(`
  query Vehicles(
    $where: VehicleFilter
    $first: Int
    $after: String
    $last: Int
    $before: String
    $at: BlockHeight
    $orderBy: VehicleOrderBy
    $orderDirection: OrderDirection
  ) {
    vehiclesConnection(
      where: $where
      first: $first
      after: $after
      last: $last
      before: $before
      block: $at
      orderBy: $orderBy
      orderDirection: $orderDirection
    ) {
      totalCount
      nodes {
        id
        plate
        vin
        model
        class
        status
        ownerId
        revision
        offeredToId
        price
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

export const vehicleQuery = graphql(`
  query Vehicle($id: ID!, $at: BlockHeight) {
    vehicle(id: $id, block: $at) {
      id
      plate
      vin
      model
      class
      status
      revision
      ownerId
      offeredToId
      price
      boughtFromId
      paid
      blockNumber
      time
      devices(first: 100) {
        id
        device
        key
        companyId
        blockNumber
        time
      }
    }
    _meta {
      block {
        number
      }
    }
  }
`);

/** All that the time line is made of: every version of the vehicle and of each device that ever was on it. */
export const vehicleLifeQuery = graphql(`
  query VehicleLife($id: ID!, $vehicle: Int!) {
    vehicle(id: $id) {
      history(first: 1000) {
        blockNumber
        fact
        time
        ownerId
        plate
        model
        status
        offeredToId
        price
        boughtFromId
        paid
      }
    }
    devices(where: { vehicleId: $vehicle, or: [{ removed: true }, { removed: false }] }, first: 200) {
      id
      history(first: 50) {
        blockNumber
        fact
        time
        device
        companyId
        vehicleId
        key
        removed
      }
    }
  }
`);

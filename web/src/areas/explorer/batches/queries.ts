import { graphql } from '../graphql';

export const batchesQuery = graphql(`
  query Batches(
    $where: BatchFilter
    $first: Int
    $after: String
    $last: Int
    $before: String
    $at: BlockHeight
    $orderBy: BatchOrderBy
    $orderDirection: OrderDirection
  ) {
    batchesConnection(
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
        companyId
        number
        blockNumber
        time
        rideCount
        gross
        drivers
        platform
        thirdParties
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

export const batchQuery = graphql(`
  query Batch($id: ID!, $company: Int!, $number: BigInt!) {
    batch(id: $id) {
      id
      companyId
      number
      blockNumber
      time
      rideCount
      gross
      drivers
      platform
      thirdParties
      receiptsRoot
      extrinsicPlace
      extrinsic {
        id
        hash
        pallet
        name
        signer
      }
    }
    shares(where: { companyId: $company, number: $number }, first: 100) {
      id
      toId
      amount
    }
    counted: ridesAggregate(where: { companyId: $company, batch: $id }) {
      count
      sum {
        fare
        tolls
        driverShare
        platform
        thirdParties
        distanceM
        durationS
      }
    }
  }
`);

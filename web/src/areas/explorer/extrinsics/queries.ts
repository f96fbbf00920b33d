import { graphql } from '../graphql';

export const extrinsicsQuery = graphql(`
  query Extrinsics($where: ExtrinsicFilter, $first: Int, $after: String, $last: Int, $before: String) {
    extrinsicsConnection(
      where: $where
      first: $first
      after: $after
      last: $last
      before: $before
      orderBy: id
      orderDirection: desc
    ) {
      totalCount
      nodes {
        id
        blockNumber
        place
        time
        hash
        signer
        pallet
        name
        success
        error
        fee
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

/** Which calls there are, for the choice of a filter. */
export const calledQuery = graphql(`
  query Called {
    extrinsicsAggregate(groupBy: [pallet, name], first: 1000) {
      pallet
      name
      count
    }
  }
`);

export const extrinsicQuery = graphql(`
  query Extrinsic($id: ID!) {
    extrinsic(id: $id) {
      id
      blockNumber
      place
      time
      hash
      signer
      nonce
      pallet
      name
      success
      error
      fee
      tip
      bytes
      block {
        hash
        spec
      }
      calls(first: 500) {
        id
        path
        depth
        pallet
        name
        args
        accounts
      }
      events(first: 500) {
        id
        place
        pallet
        name
        fields
        accounts
      }
    }
    _meta {
      block {
        number
      }
    }
  }
`);

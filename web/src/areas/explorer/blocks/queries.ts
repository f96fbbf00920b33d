import { graphql } from '../graphql';

export const blocksQuery = graphql(`
  query Blocks($first: Int, $after: String, $last: Int, $before: String) {
    blocksConnection(first: $first, after: $after, last: $last, before: $before, orderBy: number, orderDirection: desc) {
      totalCount
      nodes {
        number
        hash
        time
        authority
        spec
        extrinsicCount
        eventCount
        bytes
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

export const blockQuery = graphql(`
  query Block($id: ID!) {
    block(id: $id) {
      number
      hash
      parent
      stateRoot
      extrinsicsRoot
      time
      slot
      authority
      spec
      extrinsicCount
      callCount
      eventCount
      bytes
      digest
      extrinsics(first: 200) {
        id
        place
        hash
        signer
        pallet
        name
        success
        error
        fee
      }
    }
    _meta {
      block {
        number
      }
    }
  }
`);

/** Events of a block, a page of them; what a block proves is in them too, and in its checkpoint. */
export const blockEventsQuery = graphql(`
  query BlockEvents($number: Int!, $first: Int, $after: String, $last: Int, $before: String) {
    eventsConnection(where: { blockNumber: $number }, first: $first, after: $after, last: $last, before: $before) {
      totalCount
      nodes {
        id
        place
        phase
        extrinsicPlace
        pallet
        name
        fields
        accounts
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

/** What a block proves to the outside: its checkpoint root, and the facts behind it. */
export const blockProvesQuery = graphql(`
  query BlockProves($number: Int!, $id: ID!) {
    checkpoint(id: $id) {
      root
    }
    batches(where: { blockNumber: $number }, first: 1000) {
      id
      companyId
      number
      rideCount
      gross
      receiptsRoot
    }
    anchors(where: { blockNumber: $number }, first: 1000) {
      id
      companyId
      number
      count
      root
    }
    vehicles(where: { blockNumber: $number }, first: 1000) {
      id
      plate
      status
      ownerId
    }
  }
`);

/** What the node has beyond the last final block: a block that the index does not know may be there. */
export const liveQuery = graphql(`
  query LiveNow {
    live {
      blocks {
        number
        hash
        parentHash
        time
        slot
        spec
        leftOut
        extrinsics {
          hash
          signer
          pallet
          name
          success
          error
        }
        events {
          pallet
          name
          fields
        }
      }
    }
  }
`);

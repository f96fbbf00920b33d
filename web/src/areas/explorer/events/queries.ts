import { graphql } from '../graphql';

export const eventsQuery = graphql(`
  query Events($where: EventFilter, $first: Int, $after: String, $last: Int, $before: String) {
    eventsConnection(
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

/** Which events there are, for the choice of a filter. */
export const happenedQuery = graphql(`
  query Happened {
    eventsAggregate(groupBy: [pallet, name], first: 1000) {
      pallet
      name
      count
    }
  }
`);

export const eventQuery = graphql(`
  query Event($id: ID!) {
    event(id: $id) {
      id
      blockNumber
      place
      time
      phase
      extrinsicPlace
      pallet
      name
      fields
      accounts
      extrinsic {
        id
        hash
        pallet
        name
        signer
        success
      }
    }
  }
`);

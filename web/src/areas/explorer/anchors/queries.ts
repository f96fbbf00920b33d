import { graphql } from '../graphql';

export const anchorsQuery = graphql(`
  query Anchors($where: AnchorFilter, $first: Int, $after: String, $last: Int, $before: String, $at: BlockHeight, $orderBy: AnchorOrderBy, $orderDirection: OrderDirection) {
    anchorsConnection(where: $where, first: $first, after: $after, last: $last, before: $before, block: $at, orderBy: $orderBy, orderDirection: $orderDirection) {
      totalCount
      nodes {
        id
        companyId
        number
        firstSequence
        count
        root
        closedAt
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

export const anchorQuery = graphql(`
  query Anchor($id: ID!) {
    anchor(id: $id) {
      id
      companyId
      number
      firstSequence
      count
      root
      closedAt
      blockNumber
      fact
      time
    }
  }
`);

import { graphql } from '../graphql';

export const checkpointsQuery = graphql(`
  query Checkpoints($first: Int, $after: String, $last: Int, $before: String) {
    checkpointsConnection(first: $first, after: $after, last: $last, before: $before, orderBy: blockNumber, orderDirection: desc) {
      totalCount
      nodes {
        id
        root
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

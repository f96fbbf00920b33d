import { graphql } from '../graphql';

export const machinesQuery = graphql(`
  query Machines($where: MachineFilter, $first: Int, $after: String, $last: Int, $before: String, $at: BlockHeight, $orderBy: MachineOrderBy, $orderDirection: OrderDirection) {
    machinesConnection(where: $where, first: $first, after: $after, last: $last, before: $before, block: $at, orderBy: $orderBy, orderDirection: $orderDirection) {
      totalCount
      nodes {
        id
        node
        label
        kind
        since
        removed
        removal
        companyId
        company {
          standing
          until
          lapsed
        }
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

import { graphql } from '../graphql';

export const applicationsQuery = graphql(`
  query Applications($where: ApplicationFilter, $first: Int, $after: String, $last: Int, $before: String) {
    applicationsConnection(
      where: $where
      first: $first
      after: $after
      last: $last
      before: $before
      orderBy: application
      orderDirection: desc
    ) {
      totalCount
      nodes {
        id
        name
        kind
        treasuryAccepted
        state
        applied
        applicant
        companyId
        papers(first: 16) {
          place
          companyId
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

export const applicationQuery = graphql(`
  query Application($id: ID!) {
    application(id: $id) {
      id
      name
      kind
      treasury
      treasuryAccepted
      applicant
      applied
      state
      closedBy
      companyId
      blockNumber
      fact
      time
      papers(first: 16) {
        id
        place
        kind
        hash
        companyId
        attestedBy
        blockNumber
        fact
      }
    }
    _meta {
      block {
        number
      }
    }
  }
`);

import { graphql } from '../graphql';

export const validatorsQuery = graphql(`
  query Validators {
    validators(first: 200) {
      id
      account
      companyId
      state
      gone
      offence
      offenceSession
      severity
      blockNumber
      time
      history(first: 20) {
        blockNumber
        fact
        time
        state
        gone
        offenceSession
        severity
      }
    }
    made: blocksAggregate(groupBy: [authority], first: 1000) {
      authority
      count
    }
  }
`);

export const sessionsQuery = graphql(`
  query Sessions($first: Int, $after: String, $last: Int, $before: String) {
    sessionsConnection(first: $first, after: $after, last: $last, before: $before, orderBy: number, orderDirection: desc) {
      totalCount
      nodes {
        id
        number
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

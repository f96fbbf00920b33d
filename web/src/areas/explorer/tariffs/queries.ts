import { graphql } from '../graphql';

export const tariffsQuery = graphql(`
  query Tariffs($where: TariffFilter, $first: Int, $after: String, $last: Int, $before: String, $at: BlockHeight) {
    tariffsConnection(where: $where, first: $first, after: $after, last: $last, before: $before, block: $at, orderBy: time, orderDirection: desc) {
      totalCount
      nodes {
        id
        companyId
        city
        number
        state
        from
        proposedBy
        approvedBy
        rejectedBy
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

export const tariffQuery = graphql(`
  query Tariff($id: ID!) {
    tariff(id: $id) {
      id
      companyId
      city
      number
      state
      from
      tariff
      proposedBy
      approvedBy
      rejectedBy
      blockNumber
      time
      history(first: 100) {
        blockNumber
        fact
        time
        state
      }
    }
  }
`);

/** All versions of a company's tariff in a city. */
export const versionsQuery = graphql(`
  query TariffVersions($company: Int!, $city: Int!) {
    tariffs(where: { companyId: $company, city: $city, or: [{ removed: true }, { removed: false }] }, first: 200, orderBy: number, orderDirection: desc) {
      id
      number
      state
      from
      tariff
    }
  }
`);

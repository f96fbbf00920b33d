import { graphql } from '../graphql';

/** All versions of a company's tariffs, the newest first. What is retired is gone for the index, and stays worth reading. */
export const tariffsQuery = graphql(`
  query OperationsTariffs($company: Int!) {
    tariffs(
      where: { companyId: $company, or: [{ removed: true }, { removed: false }] }
      first: 300
      orderBy: number
      orderDirection: desc
    ) {
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
    }
  }
`);

/** Who may do what in a company. */
export const rolesQuery = graphql(`
  query OperationsRoles($company: Int!) {
    roles(where: { companyId: $company }, first: 1000) {
      account
      permissions
      expires
    }
  }
`);

export const companiesQuery = graphql(`
  query OperationsCompanies {
    companies(first: 1000, orderBy: company) {
      company
      name
    }
  }
`);

/** A page of the rides of a company in a city that were picked up in a span of time. */
export const ridesQuery = graphql(`
  query PreviewRides($company: Int!, $city: Int!, $from: DateTime!, $until: DateTime!, $first: Int!, $after: String) {
    ridesConnection(
      where: { companyId: $company, city: $city, pickup_gte: $from, pickup_lt: $until }
      first: $first
      after: $after
    ) {
      nodes {
        id
        order
        tariffId
        kind
        pickup
        distanceM
        durationS
        waitingS
        surgePermille
        fare
        tolls
        driverShare
        platform
        thirdParties
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

import { graphql } from '../graphql';

/** The companies' names, which stand beside their numbers everywhere. */
export const namesQuery = graphql(`
  query CompanyNames {
    companies(first: 1000) {
      id
      name
      treasury
    }
    validators(first: 1000) {
      account
      companyId
    }
  }
`);

export const companiesQuery = graphql(`
  query Companies($first: Int, $after: String, $last: Int, $before: String) {
    companiesConnection(first: $first, after: $after, last: $last, before: $before) {
      totalCount
      nodes {
        id
        name
        kind
        treasury
        registered
        active
        funded
        released
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
    vehicles: vehiclesAggregate(groupBy: [ownerId], first: 1000) {
      ownerId
      count
    }
    batches: batchesAggregate(groupBy: [companyId], first: 1000) {
      companyId
      count
      sum {
        rideCount
        gross
      }
    }
  }
`);

export const companyQuery = graphql(`
  query Company($id: ID!, $company: Int!, $at: BlockHeight) {
    company(id: $id, block: $at) {
      id
      name
      kind
      treasury
      registered
      active
      funded
      released
      blockNumber
    }
    _meta {
      block {
        number
      }
    }
    vehicles: vehiclesAggregate(where: { ownerId: $company }, groupBy: [status], block: $at) {
      status
      count
    }
    seats: seatsAggregate(where: { companyId: $company }, groupBy: [status], block: $at) {
      status
      count
    }
    batches: batchesAggregate(where: { companyId: $company }, block: $at) {
      count
      sum {
        rideCount
        gross
        drivers
        platform
        thirdParties
      }
    }
    anchors: anchorsAggregate(where: { companyId: $company }, block: $at) {
      count
      sum {
        count
      }
    }
    received: sharesAggregate(where: { toId: $company }, block: $at) {
      count
      sum {
        amount
      }
    }
    lost: lossesConnection(where: { companyId: $company }, first: 50, block: $at) {
      totalCount
      nodes {
        id
        from
        next
        blockNumber
        time
      }
    }
  }
`);

export const companyDaysQuery = graphql(`
  query CompanyDays($company: Int!, $since: DateTime!) {
    batchesAggregate(interval: day, where: { companyId: $company, time_gte: $since }, first: 1000) {
      time
      count
      sum {
        rideCount
        gross
        drivers
        platform
        thirdParties
      }
    }
  }
`);

export const companyRolesQuery = graphql(`
  query CompanyRoles($company: Int!, $at: BlockHeight) {
    roles(where: { companyId: $company }, first: 500, block: $at) {
      id
      account
      permissions
      expires
      grantedBy
      blockNumber
      time
    }
    validators(where: { companyId: $company }, first: 100, block: $at) {
      id
      account
      state
      gone
      offenceSession
      severity
      blockNumber
      time
    }
  }
`);

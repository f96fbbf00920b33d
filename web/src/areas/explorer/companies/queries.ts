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
        standing
        until
        lapsed
        seat
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
      standing
      until
      lapsed
      reason
      seat
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

/** How a company joined: its papers, and who attested them. */
export const companyPapersQuery = graphql(`
  query CompanyPapers($company: Int!, $at: BlockHeight) {
    applications(where: { companyId: $company }, first: 10, block: $at) {
      id
      name
      applicant
      applied
      blockNumber
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
  }
`);

/** What a company may use without fees, where it is not what all may, and who draws on it. */
export const companyAllowanceQuery = graphql(`
  query CompanyAllowance($company: Int!, $first: Int, $after: String, $last: Int, $before: String, $at: BlockHeight) {
    allowances(where: { companyId: $company }, first: 1, block: $at) {
      max
      recoveryPerBlock
      blockNumber
    }
    drawsConnection(where: { companyId: $company }, first: $first, after: $after, last: $last, before: $before, block: $at) {
      totalCount
      nodes {
        id
        account
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

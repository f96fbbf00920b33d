import { graphql } from '../graphql';

/** All companies, and how many of what they have. */
export const companyListQuery = graphql(`
  query CompanyList {
    companies(first: 1000, orderBy: company) {
      id
      company
      name
      kind
      treasury
      registered
      standing
      until
      lapsed
    }
    vehicles: vehiclesAggregate(groupBy: [ownerId], first: 1000) {
      ownerId
      count
    }
    drivers: seatsAggregate(where: { status: "Active" }, groupBy: [companyId], first: 1000) {
      companyId
      count
    }
    people: rolesAggregate(groupBy: [companyId], first: 1000) {
      companyId
      count
    }
    validators: validatorsAggregate(groupBy: [companyId], first: 1000) {
      companyId
      count
    }
  }
`);

/** What accounts have. */
export const moneyQuery = graphql(`
  query MoneyOfAccounts($accounts: [Bytes!]!) {
    balances(where: { account_in: $accounts }, first: 1000) {
      account
      free
      held
    }
  }
`);

/** A company: what it is, its people, its validators, and how much it has of what. */
export const companyQuery = graphql(`
  query OperationsCompany($id: ID!, $company: Int!) {
    company(id: $id) {
      id
      company
      name
      kind
      treasury
      registered
      standing
      until
      lapsed
      reason
      funded
      released
    }
    roles(where: { companyId: $company }, first: 1000) {
      id
      account
      permissions
      expires
      grantedBy
      time
    }
    validators(where: { companyId: $company }, first: 100) {
      id
      account
      state
      gone
      offenceSession
      time
    }
    vehicles: vehiclesAggregate(where: { ownerId: $company }, groupBy: [class, status], first: 1000) {
      class
      status
      count
    }
    drivers: seatsAggregate(where: { companyId: $company }, groupBy: [status], first: 100) {
      status
      count
    }
    settled: batchesAggregate(where: { companyId: $company }) {
      count
      sum {
        rideCount
        gross
        drivers
      }
    }
  }
`);

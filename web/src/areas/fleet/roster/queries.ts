import { graphql } from '../graphql';

/** A page of the company's vehicles on the chain, and of those that are offered to it. */
export const rosterQuery = graphql(`
  query FleetRoster($company: Int!, $after: Int!) {
    vehicles(
      where: { vehicle_gt: $after, or: [{ ownerId: $company }, { offeredToId: $company }] }
      orderBy: vehicle
      orderDirection: asc
      first: 1000
    ) {
      vehicle
      ownerId
      plate
      vin
      model
      class
      status
      offeredToId
      price
    }
  }
`);

/** The companies' names, which stand beside their numbers everywhere. */
export const companiesQuery = graphql(`
  query FleetCompanies {
    companies(first: 1000, orderBy: company, orderDirection: asc) {
      company
      name
      kind
      standing
      until
      lapsed
      treasury
    }
  }
`);

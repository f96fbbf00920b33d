import { graphql } from '../../graphql';

/** What a company has in the consortium: its term, its seat, its machines. */
export const membershipQuery = graphql(`
  query FleetMembership($id: ID!, $company: Int!) {
    company(id: $id) {
      standing
      until
      lapsed
      seat
    }
    machines(where: { companyId: $company }, first: 100, orderBy: since, orderDirection: asc) {
      id
      node
      label
      kind
      since
    }
    seats: companies(first: 1000) {
      seat
    }
  }
`);

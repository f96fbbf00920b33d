import { graphql } from '../graphql';

/** Versions of tariffs that were approved, of all companies. */
export const approvedTariffsQuery = graphql(`
  query ApprovedTariffs {
    tariffs(where: { state: "approved" }, first: 1000) {
      id
      companyId
      city
      number
      state
      from
      proposedBy
      approvedBy
    }
  }
`);

import { graphql } from '../graphql';

/** The treasuries of all companies. */
export const treasuryListQuery = graphql(`
  query TreasuryList {
    companies(first: 1000, orderBy: company) {
      id
      company
      name
      treasury
    }
  }
`);

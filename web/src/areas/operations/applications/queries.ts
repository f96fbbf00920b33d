import { graphql } from '../graphql';

/** Applications that the council has not decided on, the newest first. The chain keeps 100 at most. */
export const openApplicationsQuery = graphql(`
  query OpenApplications {
    applications(where: { state: "open" }, first: 100, orderBy: application, orderDirection: desc) {
      id
      name
      kind
      treasuryAccepted
      applicant
      applied
      papers(first: 16) {
        companyId
      }
    }
  }
`);

export const applicationQuery = graphql(`
  query OperationsApplication($id: ID!) {
    application(id: $id) {
      id
      application
      name
      kind
      treasury
      treasuryAccepted
      applicant
      applied
      state
      companyId
      papers(first: 16) {
        id
        place
        kind
        hash
        companyId
        attestedBy
      }
    }
  }
`);

/** Whether somebody may attest for a company, and whether who applied works there. */
export const attesterQuery = graphql(`
  query Attester($id: ID!, $company: Int!, $accounts: [Bytes!]!) {
    company(id: $id) {
      kind
      standing
      until
      lapsed
    }
    roles(where: { companyId: $company, account_in: $accounts }, first: 2) {
      account
      permissions
      expires
    }
  }
`);

/** Treasuries that are taken: no two companies have one together. */
export const treasuriesQuery = graphql(`
  query Treasuries {
    companies(first: 1000) {
      treasury
    }
  }
`);

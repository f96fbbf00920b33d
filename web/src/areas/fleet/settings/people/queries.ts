import { graphql } from '../../graphql';

/** A page of a company's roles on the chain, by account. What was revoked is not there. */
export const rolesQuery = graphql(`
  query FleetRoles($company: Int!, $after: Bytes!) {
    roles(
      where: { companyId: $company, account_gt: $after }
      orderBy: account
      orderDirection: asc
      first: 1000
    ) {
      account
      permissions
      expires
      grantedBy
      blockNumber
    }
  }
`);

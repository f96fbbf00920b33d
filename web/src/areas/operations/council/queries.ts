import { graphql } from '../graphql';

/** What happened in the council, the newest first, and what was proposed. */
export const historyQuery = graphql(`
  query CouncilHistory($first: Int!) {
    events(where: { pallet: "Council" }, first: $first, orderBy: id, orderDirection: desc) {
      id
      blockNumber
      time
      extrinsicPlace
      name
      fields
    }
    calls(where: { pallet: "Council", name: "propose" }, first: $first, orderBy: id, orderDirection: desc) {
      id
      blockNumber
      extrinsicPlace
      args
    }
  }
`);

/** For which companies accounts may act: who sits in the council is one of theirs. */
export const seatHoldersQuery = graphql(`
  query SeatHolders($accounts: [Bytes!]!) {
    companies(first: 1000, orderBy: company) {
      company
      name
      treasury
      active
    }
    roles(where: { account_in: $accounts }, first: 1000) {
      companyId
      account
      permissions
      expires
    }
  }
`);

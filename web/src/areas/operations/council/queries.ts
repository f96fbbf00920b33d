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

import { graphql } from './graphql';

/** What people have signed together for an account: whoever they are follows from it. */
export const sharedQuery = graphql(`
  query SharedAccount($account: [Bytes!]) {
    events(
      where: { pallet: "Multisig", accounts_contains: $account }
      first: 5
      orderBy: id
      orderDirection: desc
    ) {
      id
      extrinsic {
        signer
        calls(first: 20) {
          pallet
          name
          args
        }
      }
    }
  }
`);

import { graphql } from '../graphql';

/** What the index knows of all money, at one block. */
export const moneyQuery = graphql(`
  query Money($at: BlockHeight) {
    _meta(block: $at) {
      block {
        number
        hash
        time
      }
    }
    balances: balancesAggregate(block: $at) {
      count
      sum {
        free
        held
      }
    }
    largest: balances(first: 20, orderBy: free, orderDirection: desc, block: $at) {
      id
      account
      free
      held
      blockNumber
    }
    batches: batchesAggregate(block: $at) {
      sum {
        gross
        drivers
        platform
        thirdParties
      }
    }
    withdrawals: withdrawalsAggregate(block: $at) {
      count
      sum {
        amount
      }
    }
    fees: extrinsicsAggregate(block: $at) {
      count
      sum {
        fee
        tip
      }
    }
  }
`);

import { graphql } from '../graphql';

export const overviewQuery = graphql(`
  query Overview {
    _meta {
      block {
        number
        hash
        time
      }
      digest
    }
    batches: batchesAggregate {
      count
      sum {
        rideCount
        gross
        drivers
        platform
        thirdParties
      }
    }
    extrinsics: extrinsicsAggregate {
      count
    }
    vehicles: vehiclesAggregate {
      count
    }
    drivers: driversAggregate {
      count
    }
    anchors: anchorsAggregate {
      count
      sum {
        count
      }
    }
    sessions(first: 1, orderBy: number, orderDirection: desc) {
      number
      blockNumber
    }
    validators(where: { state: "active" }) {
      account
      companyId
    }
  }
`);

/** What was settled, parted by time. */
export const settledQuery = graphql(`
  query Settled($interval: Interval!, $since: DateTime!) {
    batchesAggregate(interval: $interval, where: { time_gte: $since }, first: 1000) {
      time
      count
      sum {
        rideCount
        gross
        drivers
        platform
        thirdParties
      }
    }
  }
`);

export const newestQuery = graphql(`
  query Newest {
    batches(first: 8, orderBy: time, orderDirection: desc) {
      id
      companyId
      number
      blockNumber
      time
      rideCount
      gross
    }
    blocks(first: 8, orderBy: number, orderDirection: desc) {
      number
      hash
      time
      authority
      extrinsicCount
      eventCount
    }
  }
`);

/** Beyond the last final block: any of it may still be taken back. */
export const liveSubscription = graphql(`
  subscription Live {
    live {
      connected
      revision
      gap
      finalized {
        number
        hash
      }
      blocks {
        number
        hash
        time
        authority
        extrinsics {
          success
        }
        events {
          pallet
        }
      }
      retracted {
        number
        hash
      }
    }
  }
`);

export const metaSubscription = graphql(`
  subscription IndexHead {
    _meta {
      block {
        number
        hash
        time
      }
    }
  }
`);

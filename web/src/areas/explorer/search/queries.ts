import { graphql } from '../graphql';

export const searchQuery = graphql(`
  query Search($text: String!, $first: Int!) {
    search(text: $text, first: $first) {
      type
      id
      field
      text
      item {
        __typename
        ... on Vehicle {
          plate
          model
          ownerId
        }
        ... on Company {
          companyName: name
          kind
        }
        ... on Application {
          applicationName: name
        }
        ... on Machine {
          label
        }
        ... on Block {
          height: number
          hash
          time
        }
        ... on Extrinsic {
          pallet
          name
          blockNumber
          time
        }
        ... on Ride {
          order
          fare
          companyId
          pickup
        }
        ... on Batch {
          companyId
          number
          rideCount
          gross
        }
        ... on Seat {
          companyId
          driverId
        }
        ... on Driver {
          driver
        }
        ... on Event {
          pallet
          name
          blockNumber
        }
      }
    }
  }
`);

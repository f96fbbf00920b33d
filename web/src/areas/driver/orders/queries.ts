import { graphql } from '../graphql';

/** What the chain settled for a ride, by the id that the index gives it: company, batch and order. */
export const settledRideQuery = graphql(`
  query DriverRide($id: ID!) {
    ride(id: $id) {
      id
      row
      kind
      fare
      tolls
      driverShare
      platform
      thirdParties
      blockNumber
      batch {
        rideCount
      }
    }
  }
`);

import { graphql } from '../graphql';

export const vehicleProofQuery = graphql(`
  query VehicleProof($id: ID!) {
    vehicle(id: $id) {
      proof
    }
  }
`);

export const rideProofQuery = graphql(`
  query RideProof($id: ID!) {
    ride(id: $id) {
      proof
    }
  }
`);

export const anchorProofQuery = graphql(`
  query AnchorProof($id: ID!) {
    anchor(id: $id) {
      proof
    }
  }
`);

import { graphql } from '../graphql';

/** A vehicle as the chain has it, and the devices that are bound to it there. */
export const vehicleQuery = graphql(`
  query FleetVehicle($id: ID!) {
    vehicle(id: $id) {
      vehicle
      ownerId
      plate
      vin
      model
      class
      status
      revision
      offeredToId
      price
      boughtFromId
      paid
      blockNumber
      devices(first: 100) {
        id
        device
        blockNumber
      }
    }
  }
`);

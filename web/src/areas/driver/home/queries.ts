import { graphql } from '../graphql';

export const vehiclesQuery = graphql(`
  query DriverVehicles($company: ID!, $plate: String!, $first: Int!) {
    vehicles(
      where: {
        owner: $company
        status: "InService"
        class_in: ["Economy", "Comfort", "Premium", "Van"]
        plate_contains_nocase: $plate
      }
      first: $first
      orderBy: plate
    ) {
      id
      plate
      model
      class
    }
  }
`);

export const vehicleQuery = graphql(`
  query DriverVehicle($id: ID!) {
    vehicle(id: $id) {
      id
      plate
      model
      class
    }
  }
`);

/** Where a company works: the city of the tariff that was decided last. */
export const cityQuery = graphql(`
  query DriverCity($company: Int!) {
    tariffs(
      where: { companyId: $company, state: "approved" }
      first: 1
      orderBy: blockNumber
      orderDirection: desc
    ) {
      id
      city
    }
  }
`);

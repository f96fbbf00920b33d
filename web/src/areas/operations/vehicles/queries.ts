import { graphql } from '../graphql';

/** All vehicles of the chain, counted. */
export const countsQuery = graphql(`
  query VehicleCounts {
    vehiclesAggregate(groupBy: [ownerId, class, status], first: 1000) {
      ownerId
      class
      status
      count
    }
  }
`);

/** What the company's vehicles are called. */
export const platesQuery = graphql(`
  query Plates($company: Int!) {
    vehicles(where: { ownerId: $company }, first: 1000, orderBy: vehicle) {
      vehicle
      plate
      class
    }
  }
`);

/** The company's rides, parted by the hours in which they were settled. */
export const rideHoursQuery = graphql(`
  query RideHours($company: Int!, $since: DateTime!) {
    ridesAggregate(where: { companyId: $company, time_gte: $since }, interval: hour, first: 1000) {
      time
      count
      sum {
        distanceM
      }
    }
  }
`);

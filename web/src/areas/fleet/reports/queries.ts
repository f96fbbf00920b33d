import { graphql } from '../graphql';

/** What was settled in each hour of UTC. */
export const moneyHoursQuery = graphql(`
  query FleetMoneyHours($where: RideFilter!) {
    ridesAggregate(interval: hour, where: $where, first: 1000, orderDirection: asc) {
      time
      count
      sum {
        fare
        tolls
        driverShare
        platform
        thirdParties
      }
    }
  }
`);

/** What was settled of each driver. */
export const moneyDriversQuery = graphql(`
  query FleetMoneyDrivers($where: RideFilter!) {
    ridesAggregate(groupBy: [driverId], where: $where, first: 1000) {
      driverId
      count
      sum {
        fare
        tolls
        driverShare
        platform
        thirdParties
      }
    }
  }
`);

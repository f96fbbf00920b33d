import { graphql } from '../graphql';

/** What the company's rides came to, parted by the hours in which they were settled. */
export const incomeQuery = graphql(`
  query Income($company: Int!, $since: DateTime!) {
    ridesAggregate(where: { companyId: $company, time_gte: $since }, interval: hour, first: 1000) {
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

// Puts GraphiQL into the page, and gives it something to begin with.
'use strict';

const FIRST_QUESTION = `# The index of SmartLinkDrive.
#
# Ctrl-Enter asks. The book has the schema.
# Try as well:
#
# vehicles(block: { number: 10 }) { plate }
# vehicle(id: "1") { history { plate } }
# subscription { blocks { number } }

query Overview {
  _meta {
    block {
      number
      time
    }
    firstBlock
    digest
  }
  blocks(first: 5, orderBy: number, orderDirection: desc) {
    number
    time
    extrinsicCount
    eventCount
  }
  companies(first: 10) {
    name
    kind
    vehicles(first: 3) {
      plate
      model
      status
    }
  }
  batchesAggregate(groupBy: [companyId]) {
    companyId
    count
    sum {
      rideCount
      gross
    }
  }
}
`;

const { protocol, host } = window.location;
const questions = `${protocol}//${host}/graphql`;
const subscriptions = `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/graphql`;

const root = ReactDOM.createRoot(document.getElementById('graphiql'));
root.render(
  React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: questions, subscriptionUrl: subscriptions }),
    defaultQuery: FIRST_QUESTION,
    shouldPersistHeaders: false,
    inputValueDeprecation: true,
  }),
);

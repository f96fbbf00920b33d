// Clients of the index at work: `SMARTLINK_GRAPHQL=http://127.0.0.1:9630 node --test-reporter=spec run.js`.
//
// The index has to be of a chain on which companies work, and that goes on. Each story compares what comes on one way with
// what comes on another, so it holds for any such chain.
import './stories/schema.js';
import './stories/document.js';
import './stories/lists.js';
import './stories/connections.js';
import './stories/time.js';
import './stories/aggregates.js';
import './stories/search.js';
import './stories/explorer.js';
import './stories/refusals.js';
import './stories/subscriptions.js';
import './stories/page.js';

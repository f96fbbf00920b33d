// What comes with each block, over connections that do not last.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, connect, first, follow, last, reach } from '../index.js';

/** Longer than anybody has to speak who only listens, in milliseconds. */
const SILENCE = 40_000;

/** A client that says nothing more after it has subscribed to what never comes. */
const silent = { since: Date.now(), ended: null };
silent.client = connect({ closed: (event) => { silent.ended = `${event.code} ${event.reason}`; } });
silent.client.subscribe({ query: 'subscription { blocks(where: { number_lt: 0 }) { number } }' }, {
  next: () => { silent.ended = 'something came'; },
  error: (error) => { silent.ended ??= String(error); },
  complete: () => { silent.ended ??= 'it was completed'; },
});

/** Ids of all events of some blocks, in order. */
async function eventsOf(from, to) {
  const question = 'query ($from: Int, $to: Int, $after: String) { eventsConnection(where: { blockNumber_gte: $from, blockNumber_lte: $to }, first: 1000, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }';
  const ids = [];
  for (let after = null; ; ) {
    const { eventsConnection: page } = await ask(question, { from, to, after });
    ids.push(...page.nodes.map(({ id }) => id));
    if (!page.pageInfo.hasNextPage) return ids;
    after = page.pageInfo.endCursor;
  }
}

test('blocks come as they become final, each once and in order', async () => {
  const before = await last();
  const numbers = [];
  for await (const { blocks } of follow('subscription { blocks { number hash extrinsics(first: 300) { id } extrinsicCount } }')) {
    assert.equal(blocks.extrinsics.length, blocks.extrinsicCount, 'all of the block is there when it is told');
    numbers.push(blocks.number);
    if (numbers.length === 3) break;
  }
  assert.ok(numbers[0] > before, 'those from now on');
  assert.deepEqual(numbers, [0, 1, 2].map((more) => numbers[0] + more));
});

test('who is cut off again and again misses nothing, and has every block once', async () => {
  const begin = Math.max(0, (await last()) - 20);
  const until = (await last()) + 3;
  // What a client keeps: the rows of whole blocks, and those of the block that may not be whole yet.
  const kept = [];
  let [block, rows, connections, received] = [begin, [], 0, 0];
  while (block <= until) {
    connections += 1;
    assert.ok(connections < 200, `it comes to an end: block ${block} of ${until}`);
    rows = [];
    let cut;
    // Never at the end of a block, but for by chance: the cuts fall anywhere.
    let lasts = Math.ceil(5 * 1.4 ** connections);
    const own = follow('subscription ($from: Int) { events(fromBlock: $from) { id blockNumber } }', { from: block }, (it) => { cut = it; });
    try {
      for await (const { events } of own) {
        received += 1;
        if (events.blockNumber > block) {
          kept.push(...rows);
          [block, rows] = [events.blockNumber, []];
        }
        if (block > until) break;
        rows.push(events.id);
        lasts -= 1;
        if (lasts > 0) continue;
        // What is on its way, or waits in the client, is lost.
        cut();
        break;
      }
    } catch (error) {
      assert.ok(!(error instanceof assert.AssertionError), error);
    }
  }
  assert.ok(connections > 2, `it was cut off: ${connections} connections`);
  const expected = await eventsOf(begin, until);
  assert.deepEqual(kept, expected);
  assert.ok(received >= kept.length);
});

test('from any block of the past on, entities come version by version', async () => {
  const { vehicles } = await ask('{ vehicles(orderBy: revision, orderDirection: desc, first: 1) { id ownerId history(first: 1000) { version plate ownerId } } }');
  const [vehicle] = vehicles;
  assert.ok(vehicle.history.length > 1, 'a vehicle changed');
  const versions = [];
  const question = 'subscription ($where: VehicleFilter) { vehicles(fromBlock: 0, where: $where) { version plate ownerId } }';
  for await (const { vehicles: version } of follow(question, { where: { id: vehicle.id } })) {
    versions.push(version);
    if (versions.length === vehicle.history.length) break;
  }
  assert.deepEqual(versions, vehicle.history);
});

test('how far the index is comes at once, and then with each block', async () => {
  const { _meta } = await first('subscription { _meta { block { number } digest } }');
  assert.ok(_meta.block.number > 0 && _meta.digest);
  await reach(_meta.block.number + 2);
});

test('several subscriptions share a connection, and one that ends leaves the others', async () => {
  const opened = [];
  const client = connect({ connected: (socket) => opened.push(socket) });
  const numbers = async (count) => {
    const numbers = [];
    for await (const { data } of client.iterate({ query: 'subscription { blocks(fromBlock: 0) { number } }' })) {
      numbers.push(data.blocks.number);
      if (numbers.length === count) return numbers;
    }
    return numbers;
  };
  assert.deepEqual(await Promise.all([numbers(1), numbers(3), numbers(2)]), [[0], [0, 1, 2], [0, 1]]);
  assert.equal(opened.length, 1);
  await client.dispose();
});

test('a subscription that makes no sense is refused, and the connection goes on', async () => {
  await assert.rejects(first('subscription { vehicles { colour } }'), (error) => /colour/.test(JSON.stringify(error) + error));
  await assert.rejects(first('subscription { events(where: { id: "7" }) { id } }'), (error) => /block-place/.test(JSON.stringify(error) + error));
});

test('who only listens is not cut off', async () => {
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, silent.since + SILENCE - Date.now())));
  assert.equal(silent.ended, null);
  await silent.client.dispose();
});

// Counts and sums, of which each is checked against the rows.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, between, byNumber, last, sum } from '../index.js';

const MOST = 1000;

test('what is counted by columns and by time adds up to all of it', async () => {
  const block = { number: await last() };
  for (const [field, group, interval] of [
    ['events', 'pallet, name', 'minute'],
    ['extrinsics', 'pallet, success', 'hour'],
    ['calls', 'pallet', 'day'],
    ['vehicles', 'ownerId, status', 'week'],
    ['blocks', 'spec', 'month'],
    ['transfers', 'from', 'year'],
    ['rides', 'driverId, kind', 'hour'],
  ]) {
    const answer = await ask(
      `query ($block: BlockHeight) {
        all: ${field}Connection(block: $block, first: 1) { totalCount }
        together: ${field}Aggregate(block: $block) { count }
        byGroup: ${field}Aggregate(block: $block, groupBy: [${group}], first: ${MOST}) { count }
        byTime: ${field}Aggregate(block: $block, interval: ${interval}, first: ${MOST}) { time count }
      }`,
      { block },
    );
    const { all, together, byGroup, byTime } = answer;
    assert.ok(Number(all.totalCount) > 0, `there are ${field}`);
    assert.deepEqual(together, [{ count: all.totalCount }], field);
    if (byGroup.length < MOST) assert.equal(sum(byGroup.map(({ count }) => count)), all.totalCount, `${field} by ${group}`);
    if (byTime.length < MOST) assert.equal(sum(byTime.map(({ count }) => count)), all.totalCount, `${field} by ${interval}`);
    const times = byTime.map(({ time }) => time);
    assert.deepEqual(times, [...new Set(times)].sort(), 'times in order, each once');
    assert.ok(times.every((time) => time.endsWith(':00.000Z')), times[0]);
  }
});

test('what is counted while the index grows is what its rows say', async () => {
  for (const field of ['events', 'calls']) {
    const counted = `${field}Aggregate(groupBy: [pallet, name], first: ${MOST}) { pallet name count }`;
    // Minutes are not counted ahead: this reads the rows.
    const read = `${field}Aggregate(groupBy: [pallet, name], interval: minute, first: ${MOST}, where: $where) { pallet name count }`;
    const { ahead, rows, total } = await between(async () => {
      const number = await last();
      const { ahead, total } = await ask(`{ ahead: ${counted} total: ${field}Connection(first: 1) { totalCount } }`);
      const filter = field === 'events' ? 'EventFilter' : 'CallFilter';
      const { rows } = await ask(`query ($where: ${filter}) { rows: ${read} }`, { where: { blockNumber_lte: number } });
      return { ahead, rows, total };
    });
    assert.equal(sum(ahead.map(({ count }) => count)), total.totalCount);
    if (rows.length === MOST) continue;
    const kinds = new Map();
    for (const { pallet, name, count } of rows) {
      const kind = `${pallet}.${name}`;
      kinds.set(kind, sum([kinds.get(kind) ?? '0', count]));
    }
    const counts = Object.fromEntries(ahead.map(({ pallet, name, count }) => [`${pallet}.${name}`, count]));
    assert.deepEqual(counts, Object.fromEntries(kinds));
  }
});

test('sums, least and greatest are those of the rows', async () => {
  const block = { number: await last() };
  const { batches, batchesAggregate: groups } = await ask(
    `query ($block: BlockHeight) {
      batches(block: $block, first: ${MOST}) { companyId rideCount gross drivers platform thirdParties }
      batchesAggregate(block: $block, groupBy: [companyId]) {
        companyId count
        sum { rideCount gross drivers platform thirdParties }
        min { rideCount gross }
        max { rideCount gross }
      }
    }`,
    { block },
  );
  assert.ok(batches.length > 0 && batches.length < MOST, `${batches.length} batches were settled`);
  assert.deepEqual(groups.map(({ companyId }) => companyId).sort(), [...new Set(batches.map(({ companyId }) => companyId))].sort());
  for (const { companyId, count, sum: sums, min, max } of groups) {
    const own = batches.filter((batch) => batch.companyId === companyId);
    assert.equal(count, String(own.length));
    for (const field of ['rideCount', 'gross', 'drivers', 'platform', 'thirdParties']) {
      assert.equal(sums[field], sum(own.map((batch) => batch[field])), field);
    }
    for (const field of ['rideCount', 'gross']) {
      const values = own.map((batch) => String(batch[field])).sort(byNumber);
      assert.deepEqual([min[field], max[field]], [values[0], values.at(-1)], field);
    }
  }
});

test('conditions hold before anything is counted; the past is counted as it was', async () => {
  const now = await last();
  const { vehicles } = await ask('{ vehicles(first: 1) { history(first: 1) { blockNumber } } }');
  const [{ history: [born] }] = vehicles;
  for (const number of [born.blockNumber, now]) {
    const { some, counted } = await ask(
      `query ($block: BlockHeight, $where: VehicleFilter) {
        some: vehiclesConnection(block: $block, where: $where, first: 1) { totalCount }
        counted: vehiclesAggregate(block: $block, where: $where) { count }
      }`,
      { block: { number }, where: { status: 'InService' } },
    );
    assert.equal(counted[0]?.count ?? '0', some.totalCount);
  }
  const { ordered } = await ask('{ ordered: eventsAggregate(groupBy: [pallet], orderDirection: desc) { count } }');
  const counts = ordered.map(({ count }) => count);
  assert.deepEqual(counts, [...counts].sort(byNumber).reverse());
});

// Time travel and history.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, last } from '../index.js';

test('every version was what was there from its block on', async () => {
  const now = await last();
  const { vehicles } = await ask('query ($block: BlockHeight) { vehicles(block: $block, orderBy: revision, orderDirection: desc, first: 3) { id history(first: 1000) { version blockNumber ownerId plate status offeredToId removed owner { id } } } }', { block: { number: now } });
  assert.ok(vehicles.some(({ history }) => history.length > 1), 'a vehicle changed: it was sold, scrapped, or got another plate');
  for (const { id, history } of vehicles) {
    const versions = history.map(({ version }) => BigInt(version));
    assert.ok(versions.every((version, place) => place === 0 || versions[place - 1] < version), 'in order');
    const at = async (number) => (await ask('query ($id: ID!, $block: BlockHeight) { vehicle(id: $id, block: $block) { version blockNumber ownerId plate status offeredToId removed owner { id } } }', { id, block: { number } })).vehicle;
    for (const { blockNumber } of history) {
      const expected = history.filter((version) => version.blockNumber <= blockNumber).at(-1);
      assert.deepEqual(await at(blockNumber), expected, `vehicle ${id} in block ${blockNumber}`);
    }
    const [born] = history;
    if (born.blockNumber > 0) assert.equal(await at(born.blockNumber - 1), null, 'before that it was not there');
    assert.deepEqual(await at(now), history.at(-1));
    const turned = await ask('query ($id: ID!) { vehicle(id: $id) { history(orderDirection: desc, first: 1) { version } } }', { id });
    assert.ok(BigInt(turned.vehicle.history[0].version) >= versions.at(-1));
  }
});

test('a list of the past has what was there, and lists within it are of that time too', async () => {
  const { vehicles } = await ask('{ vehicles(first: 100) { id history(first: 100) { blockNumber ownerId removed } } }');
  const known = vehicles.map(({ id }) => id);
  const blocks = [...new Set(vehicles.flatMap(({ history }) => history.map(({ blockNumber }) => blockNumber)))];
  blocks.sort((left, right) => left - right);
  assert.ok(blocks.length > 1, 'vehicles came and changed in several blocks');
  for (const number of new Set([...blocks.slice(0, 3), ...blocks.slice(-3)])) {
    const then = vehicles
      .map(({ id, history }) => ({ id, ...history.filter(({ blockNumber }) => blockNumber <= number).at(-1) }))
      .filter(({ removed }) => removed === false);
    const answer = await ask(
      `query ($block: BlockHeight, $known: [ID!]) {
        vehicles(block: $block, where: { id_in: $known }, first: 100) { id }
        companies(block: $block, first: 10) { id vehicles(first: 1000) { id } }
      }`,
      { block: { number }, known },
    );
    assert.deepEqual(answer.vehicles.map(({ id }) => id).sort(), then.map(({ id }) => id).sort(), `block ${number}`);
    const owned = answer.companies.flatMap((company) => company.vehicles.map(({ id }) => `${company.id}:${id}`));
    const expected = then.map(({ id, ownerId }) => `${ownerId}:${id}`);
    assert.deepEqual(owned.filter((pair) => known.includes(pair.split(':')[1])).sort(), expected.sort(), `block ${number}`);
  }
});

test('a block is named by its height or its hash, and blocks of the past are what they were', async () => {
  const now = await last();
  const { block } = await ask('query ($id: ID!) { block(id: $id) { hash number digest time } }', { id: String(now) });
  const question = 'query ($block: BlockHeight) { _meta(block: $block) { block { number hash } digest } blocks(block: $block, orderBy: number, orderDirection: desc, first: 2) { number } companiesConnection(block: $block) { totalCount } }';
  const byNumber = await ask(question, { block: { number: now } });
  assert.deepEqual(await ask(question, { block: { hash: block.hash } }), byNumber);
  assert.deepEqual(byNumber._meta, { block: { number: now, hash: block.hash }, digest: block.digest });
  assert.deepEqual(byNumber.blocks, [{ number: now }, { number: now - 1 }]);
  const atLeast = await ask('query ($block: BlockHeight) { _meta(block: $block) { block { number } } }', { block: { number_gte: now } });
  assert.ok(atLeast._meta.block.number >= now);
});

test('what the index says of itself', async () => {
  const { _meta } = await ask('{ _meta { block { number hash parentHash timestamp time } firstBlock deployment digest hasIndexingErrors } }');
  assert.match(_meta.block.hash, /^0x[0-9a-f]{64}$/);
  assert.match(_meta.digest, /^0x[0-9a-f]{64}$/);
  assert.ok(_meta.deployment && !_meta.hasIndexingErrors && _meta.firstBlock <= _meta.block.number);
  assert.equal(Math.floor(Date.parse(_meta.block.time) / 1000), _meta.block.timestamp);
  const { block } = await ask('query ($id: ID!) { block(id: $id) { hash parent digest time } }', { id: String(_meta.block.number) });
  assert.deepEqual(block, { hash: _meta.block.hash, parent: _meta.block.parentHash, digest: _meta.digest, time: _meta.block.time });
});

// Lists as The Graph's users ask for them, and what hangs on their rows.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, byNumber, last, sum } from '../index.js';

test('a list is a part of all of it: first and skip, in both directions', async () => {
  const block = { number: await last() };
  const page = 'query ($block: BlockHeight, $first: Int, $skip: Int, $to: OrderDirection) { vehicles(block: $block, first: $first, skip: $skip, orderBy: plate, orderDirection: $to) { id plate } }';
  const all = (await ask(page, { block, first: 1000 })).vehicles;
  assert.ok(all.length >= 3, 'there are vehicles');
  const plates = all.map((vehicle) => vehicle.plate);
  assert.deepEqual(plates, [...plates].sort(), 'in the order of plates');
  for (let skip = 0; skip < Math.min(all.length, 6); skip += 2) {
    assert.deepEqual((await ask(page, { block, first: 2, skip })).vehicles, all.slice(skip, skip + 2));
  }
  assert.deepEqual((await ask(page, { block, first: 0 })).vehicles, []);
  const turned = (await ask(page, { block, first: 1000, to: 'desc' })).vehicles;
  assert.deepEqual(turned, [...all].reverse());
});

test('conditions choose, and choose the rest when they are turned around', async () => {
  const block = { number: await last() };
  const of = async (where) => {
    const question = 'query ($block: BlockHeight, $where: VehicleFilter) { vehicles(block: $block, where: $where, first: 1000) { id plate model status ownerId offeredToId revision } }';
    return (await ask(question, { block, where })).vehicles;
  };
  const all = await of({});
  const ids = (vehicles) => vehicles.map((vehicle) => vehicle.id).sort();
  const one = all.find(({ plate }) => plate);
  const part = one.plate.slice(1, 4);
  for (const [where, fits] of [
    [{ plate: one.plate }, (vehicle) => vehicle.plate === one.plate],
    [{ plate_contains: part }, (vehicle) => vehicle.plate.includes(part)],
    [{ plate_contains_nocase: part.toLowerCase() }, (vehicle) => vehicle.plate.toLowerCase().includes(part.toLowerCase())],
    [{ plate_starts_with: one.plate.slice(0, 2) }, (vehicle) => vehicle.plate.startsWith(one.plate.slice(0, 2))],
    [{ plate_ends_with: one.plate.slice(-1) }, (vehicle) => vehicle.plate.endsWith(one.plate.slice(-1))],
    [{ plate_not: one.plate }, (vehicle) => vehicle.plate !== one.plate],
    [{ plate_in: [one.plate, 'none'] }, (vehicle) => vehicle.plate === one.plate],
    [{ plate_in: [] }, () => false],
    [{ id_in: [one.id] }, (vehicle) => vehicle.id === one.id],
    [{ id_not_in: [one.id] }, (vehicle) => vehicle.id !== one.id],
    [{ ownerId: one.ownerId }, (vehicle) => vehicle.ownerId === one.ownerId],
    [{ owner: String(one.ownerId) }, (vehicle) => vehicle.ownerId === one.ownerId],
    [{ owner_not: String(one.ownerId) }, (vehicle) => vehicle.ownerId !== one.ownerId],
    [{ revision_gt: 1 }, (vehicle) => vehicle.revision > 1],
    [{ revision_lte: 1 }, (vehicle) => vehicle.revision <= 1],
    [{ offeredToId: null }, (vehicle) => vehicle.offeredToId === null],
    [{ offeredToId_not: null }, (vehicle) => vehicle.offeredToId !== null],
    [{ or: [{ id: one.id }, { revision_gt: 1 }] }, (vehicle) => vehicle.id === one.id || vehicle.revision > 1],
    [{ and: [{ model: one.model }, { status: one.status }] }, (vehicle) => vehicle.model === one.model && vehicle.status === one.status],
    [{ or: [] }, () => false],
  ]) {
    assert.deepEqual(ids(await of(where)), ids(all.filter(fits)), JSON.stringify(where));
  }
});

test('money is ordered and compared as numbers, however large', async () => {
  const question = 'query ($where: TransferFilter) { transfers(where: $where, orderBy: amount, orderDirection: desc, first: 100) { id amount from to } }';
  const { transfers } = await ask(question);
  assert.ok(transfers.length > 0, 'somebody was paid');
  const amounts = transfers.map((transfer) => transfer.amount);
  assert.deepEqual(amounts, [...amounts].sort(byNumber).reverse());
  const [most] = transfers;
  const { transfers: same } = await ask(question, { where: { amount_gte: most.amount, from: most.from } });
  assert.ok(same.some((transfer) => transfer.id === most.id) && same.every((transfer) => transfer.amount === most.amount));
});

test('objects hang together: a block and its parts, a company and its own', async () => {
  const { extrinsics } = await ask(`{
    extrinsics(where: { signer_not: null }, orderBy: blockNumber, orderDirection: desc, first: 5) {
      id blockNumber hash signer
      block { number hash extrinsicCount eventCount extrinsics(first: 1000) { id } events(first: 1000) { id extrinsicPlace } }
      calls(first: 1000) { id path extrinsic { id } }
      events(first: 1000) { id phase block { number } extrinsic { id } }
    }
  }`);
  assert.ok(extrinsics.length > 0, 'somebody signed something');
  for (const extrinsic of extrinsics) {
    const { block } = extrinsic;
    assert.equal(block.number, extrinsic.blockNumber);
    assert.equal(block.extrinsics.length, block.extrinsicCount);
    assert.equal(block.events.length, Math.min(block.eventCount, 1000));
    assert.ok(block.extrinsics.some(({ id }) => id === extrinsic.id));
    assert.ok(extrinsic.calls.length > 0 && extrinsic.calls.every((call) => call.extrinsic.id === extrinsic.id));
    assert.ok(extrinsic.events.every((event) => event.extrinsic.id === extrinsic.id && event.block.number === block.number));
    const place = Number(extrinsic.id.split('-')[1]);
    const own = block.events.filter((event) => event.extrinsicPlace === place).map(({ id }) => id);
    if (block.eventCount <= 1000) assert.deepEqual(extrinsic.events.map(({ id }) => id), own);
  }
});

test('a company has its vehicles, and each is its own', async () => {
  const block = { number: await last() };
  const { companies, vehicles } = await ask(
    `query ($block: BlockHeight) {
      companies(block: $block, first: 10) { id vehicles(first: 500) { id owner { id } } batches(first: 500) { gross drivers platform thirdParties } }
      vehicles(block: $block, first: 1000) { id ownerId }
    }`,
    { block },
  );
  const held = companies.flatMap((company) => company.vehicles.map(({ id, owner }) => ({ id, company: company.id, owner: owner.id })));
  assert.ok(held.length > 0 && held.every(({ company, owner }) => company === owner));
  assert.equal(new Set(held.map(({ id }) => id)).size, held.length, 'nobody has what another has');
  if (vehicles.length <= 500) assert.deepEqual(held.map(({ id }) => id).sort(), vehicles.map(({ id }) => id).sort());
  const batches = companies.flatMap((company) => company.batches);
  assert.ok(batches.length > 0, 'something was settled');
  for (const { gross, drivers, platform, thirdParties } of batches) {
    assert.equal(gross, sum([drivers, platform, thirdParties]));
  }
});

test('one is found by its id, and by its hash; none is nothing', async () => {
  const { blocks } = await ask('{ blocks(first: 1, orderBy: number, orderDirection: desc, where: { number_gt: 0 }) { id number hash parent } }');
  const [block] = blocks;
  const { byId, byHash, before, none } = await ask(
    'query ($id: ID!, $hash: ID!, $parent: ID!) { byId: block(id: $id) { hash } byHash: block(id: $hash) { number } before: block(id: $parent) { number } none: vehicle(id: "4294967295") { id } }',
    { id: block.id, hash: block.hash, parent: block.parent },
  );
  assert.equal(byId.hash, block.hash);
  assert.equal(byHash.number, block.number);
  assert.equal(before.number, block.number - 1);
  assert.equal(none, null);
  // An id may be written as a number.
  const { written, given } = await ask(
    `query ($id: ID!) { written: block(id: ${block.number}) { hash } given: block(id: $id) { hash } }`,
    { id: block.number },
  );
  assert.deepEqual([written, given], [{ hash: block.hash }, { hash: block.hash }]);
});

test('variables, fragments, aliases and directives are as everywhere', async () => {
  const question = `
    query Some($plates: Boolean!, $first: Int = 2) {
      some: vehicles(first: $first) { ...own }
      companies(first: 1) { ... on Company @skip(if: $plates) { name } id }
    }
    fragment own on Vehicle { id plate @include(if: $plates) }`;
  const shown = await ask(question, { plates: true });
  assert.ok(shown.some.length === 2 && shown.some.every((vehicle) => 'plate' in vehicle));
  assert.deepEqual(Object.keys(shown.companies[0]), ['id']);
  const hidden = await ask(question, { plates: false, first: 1 });
  assert.ok(hidden.some.length === 1 && !('plate' in hidden.some[0]) && hidden.companies[0].name);
});

test('ids in conditions may be numbers, a list of none finds none, and a hash is known from its block on', async () => {
  const { numbered, none, all } = await ask('{ numbered: vehicles(where: { id_in: [1] }) { id } none: events(where: { id_in: [] }) { id } all: events(where: { accounts_contains: [] }, first: 1) { id } }');
  assert.deepEqual([numbered, none, all.length], [[{ id: '1' }], [], 1]);
  const { extrinsics } = await ask('{ extrinsics(first: 1, where: { blockNumber_gt: 1 }) { hash blockNumber } }');
  const [{ hash, blockNumber }] = extrinsics;
  const question = 'query ($hash: ID!, $then: Int, $before: Int) { then: extrinsic(id: $hash, block: { number: $then }) { hash } before: extrinsic(id: $hash, block: { number: $before }) { hash } }';
  const { then, before } = await ask(question, { hash, then: blockNumber, before: blockNumber - 1 });
  assert.deepEqual([then, before], [{ hash }, null]);
});

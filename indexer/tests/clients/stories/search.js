// One box, and whatever is typed into it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask } from '../index.js';

const question = `query ($text: String!, $first: Int) {
  search(text: $text, first: $first) {
    type id field text
    item {
      __typename
      ... on Block { hash number }
      ... on Extrinsic { hash signer }
      ... on Company { name }
      ... on Vehicle { plate vin }
      ... on Balance { account }
      ... on Batch { receiptsRoot }
      ... on Ride { order }
    }
  }
}`;

const search = async (text, first = 10) => (await ask(question, { text, first })).search;

async function finds(text, type, id, field) {
  const hits = await search(text);
  const hit = hits.find((hit) => hit.type === type && hit.id === id && (!field || hit.field === field));
  assert.ok(hit, `${text} finds ${type} ${id}: ${JSON.stringify(hits)}`);
  assert.equal(hit.item.__typename, type);
  return hit;
}

test('hashes and heights', async () => {
  const { blocks, extrinsics } = await ask('{ blocks(first: 1, skip: 1, orderBy: number, orderDirection: desc) { id hash number } extrinsics(first: 1, where: { signer_not: null }) { id hash } }');
  const [block] = blocks;
  assert.equal((await finds(block.hash, 'Block', block.id, 'hash')).item.hash, block.hash);
  assert.equal((await finds(block.hash.toUpperCase().replace('0X', '0x'), 'Block', block.id)).item.number, block.number);
  assert.equal((await finds(String(block.number), 'Block', block.id, 'id')).item.hash, block.hash);
  const [extrinsic] = extrinsics;
  assert.equal((await finds(extrinsic.hash, 'Extrinsic', extrinsic.id, 'hash')).item.hash, extrinsic.hash);
  await finds(extrinsic.id, 'Extrinsic', extrinsic.id, 'id');
});

test('plates, VINs and names, whole or in part, however they are written', async () => {
  const { vehicles, companies } = await ask('{ vehicles(first: 1, where: { plate_not: "", plate_gt: "" }) { id plate vin } companies(first: 1) { id name } }');
  const [vehicle] = vehicles;
  await finds(vehicle.plate, 'Vehicle', vehicle.id, 'plate');
  await finds(` ${vehicle.plate.toLowerCase()} `, 'Vehicle', vehicle.id, 'plate');
  const hit = await finds(vehicle.vin, 'Vehicle', vehicle.id, 'vin');
  assert.equal(hit.text, vehicle.vin);
  const [company] = companies;
  await finds(company.name, 'Company', company.id, 'name');
  const [word] = company.name.split(' ');
  assert.equal((await finds(word.toLowerCase(), 'Company', company.id, 'name')).item.name, company.name);
});

test('accounts and roots', async () => {
  const { companies, batches } = await ask('{ companies(first: 1, where: { treasury_not: null }) { id treasury } batches(first: 1) { id receiptsRoot } }');
  const [company] = companies;
  await finds(company.treasury, 'Company', company.id, 'treasury');
  const [batch] = batches;
  assert.equal((await finds(batch.receiptsRoot, 'Batch', batch.id)).item.receiptsRoot, batch.receiptsRoot);
  // The development account that everybody knows, in its two spellings.
  const alice = '0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d';
  await finds(alice, 'Balance', alice, 'account');
  await finds('5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY', 'Balance', alice, 'account');
});

test('an order is its ride', async () => {
  const { rides } = await ask('{ rides(first: 1, skip: 3) { id order } }');
  const [ride] = rides;
  const hit = await finds(ride.order, 'Ride', ride.id, 'order');
  assert.deepEqual([hit.text, hit.item.order], [ride.order, ride.order]);
  await finds(ride.id, 'Ride', ride.id, 'id');
});

test('no more than are asked for, and nothing where there is nothing', async () => {
  assert.equal((await search('1', 2)).length <= 2, true);
  assert.deepEqual(await search('there is no such thing'), []);
  assert.deepEqual(await search(`0x${'00'.repeat(31)}ff`), []);
  assert.deepEqual(await search("'; DROP TABLE blocks --"), []);
  assert.deepEqual(await search('\\'), []);
});

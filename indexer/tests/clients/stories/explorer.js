// What an explorer shows besides rows: proofs, runtimes, and what is not final yet.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, follow, last, post, PATIENCE, refused } from '../index.js';

/** Asks until BEEFY has signed what is to be proven. */
async function proven(question) {
  for (const began = Date.now(); ; ) {
    const { data, errors } = await (await post(JSON.stringify({ query: question }))).json();
    if (!errors) return data;
    assert.equal(errors[0].extensions.code, 'PROOF_UNAVAILABLE', JSON.stringify(errors));
    assert.ok(Date.now() - began < PATIENCE, JSON.stringify(errors));
    // With the next block there may be a signature.
    for await (const _ of follow('subscription { blocks { number } }')) break;
  }
}

test('a vehicle proves itself', async () => {
  const { vehicle } = await proven('{ vehicle(id: 1) { plate vin proof } }');
  const bundle = JSON.parse(vehicle.proof);
  assert.equal(JSON.stringify(bundle), vehicle.proof, 'it is the one text of what it says');
  assert.ok(vehicle.proof.includes(vehicle.vin) && vehicle.proof.includes(vehicle.plate));
});

test('a ride proves what it paid', async () => {
  const { rides } = await ask('{ rides(first: 1) { id order fare driverShare } }');
  const [{ id, order, fare, driverShare }] = rides;
  const { ride } = await proven(`{ ride(id: "${id}") { proof } }`);
  const { receipt } = JSON.parse(ride.proof).item.receipt;
  assert.deepEqual([receipt.order, receipt.fare, receipt.driver_share], [order, fare, driverShare]);
});

test('what was never driven has no receipt, and that is said', async () => {
  const { batches } = await ask('{ batches(first: 1) { id } }');
  const { message, code } = await refused(`{ batch(id: "${batches[0].id}") { proof(order: "1") } }`);
  assert.equal(code, 'PROOF_UNAVAILABLE');
  assert.match(message, /order/);
});

test('where no contract on Ethereum is known, no proof is said to be there', async () => {
  const { vehicle } = await proven('{ vehicle(id: 1) { proof } }');
  assert.equal(JSON.parse(vehicle.proof).ethereum, undefined);
  const { message, code } = await refused('{ vehicle(id: 1) { proof(onEthereum: true) } }');
  assert.equal(code, 'PROOF_UNAVAILABLE');
  assert.match(message, /ethereum\.contract/);
});

test('the runtimes are known with what each changed', async () => {
  const { runtimes } = await ask('{ runtimes { spec firstBlock bytes hash changes { part name } } }');
  assert.ok(runtimes.length > 0 && runtimes[0].firstBlock === 0 && runtimes[0].bytes > 100_000);
  assert.deepEqual(runtimes[0].changes, [], 'the first changed nothing');
  const { message } = await refused('{ runtimes { changes(since: 4000000) { name } } }');
  assert.match(message, /no block of runtime 4000000/);
});

test('blocks are seen before they are final, and become final', async () => {
  let seen;
  for await (const { live } of follow('subscription { live { connected revision finalized { number } retracted { number } blocks { number hash parentHash leftOut extrinsics { pallet name success } events { pallet name } } } }')) {
    assert.ok(live.connected || live.blocks.length === 0);
    for (const [place, block] of live.blocks.entries()) {
      assert.ok(block.number > live.finalized.number, 'what is final is not shown');
      if (place > 0) assert.equal(block.parentHash, live.blocks[place - 1].hash);
    }
    seen = live.blocks.at(-1);
    if (seen?.events.length > 0) break;
  }
  assert.equal(seen.leftOut, null);
  assert.deepEqual(seen.extrinsics[0], { pallet: 'Timestamp', name: 'set', success: true });
  for await (const { blocks } of follow('subscription ($from: Int) { blocks(fromBlock: $from) { number hash } }', { from: seen.number })) {
    // With one validator nothing is taken back.
    assert.deepEqual(blocks, { number: seen.number, hash: seen.hash });
    break;
  }
  const { live } = await ask('{ live { finalized { number } blocks { number } } }');
  assert.ok(live.finalized.number >= seen.number);
  assert.ok(live.blocks.every(({ number }) => number > seen.number));
  assert.ok((await last()) >= seen.number);
});

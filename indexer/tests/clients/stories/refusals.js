// What cannot be asked, and how that is said.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import WebSocket from 'ws';
import { ask, endpoint, last, post, refused } from '../index.js';

const deep = (levels) => `{ companies(first: 1) { ${'vehicles(first: 1) { owner { '.repeat(levels)} name ${'} }'.repeat(levels)} } }`;

for (const [title, question, sentence, code] of [
  ['a field that is not there', '{ vehicles { colour } }', /colour.*Vehicle/, undefined],
  ['a condition that is not there', '{ vehicles(where: { colour: "red" }) { id } }', /colour/, undefined],
  ['an order that is not there', '{ vehicles(orderBy: colour) { id } }', /colour/, undefined],
  ['fields that lie too deep', deep(12), /fields lie more than \d+ deep in each other: ask in several requests/, 'TOO_EXPENSIVE'],
  ['rows within too many rows', '{ blocks(first: 1000) { events(first: 1000) { name } } }', /more than \d+ values: ask for fewer rows \(first\) or fewer fields/, 'TOO_EXPENSIVE'],
  ['a cursor that is none', '{ events: eventsConnection(first: 1, after: "tomorrow") { totalCount edges { cursor } } }', /a cursor belongs here, as `cursor` or `endCursor` gave it/, 'BAD_USER_INPUT'],
  ['first and last together', '{ eventsConnection(first: 1, last: 1) { nodes { id } } }', /only one of them belongs here/, 'BAD_USER_INPUT'],
  ['too many rows', '{ vehicles(first: 100000) { id } }', /first: a number from 0 to 1000 belongs here|more than \d+ values/, /BAD_USER_INPUT|TOO_EXPENSIVE/],
  ['rows that are too far away', '{ vehicles(first: 1, skip: 100001) { id } }', /skip: a number from 0 to 100000 belongs here; cursors .* go further/, 'BAD_USER_INPUT'],
  ['rows before the first', '{ vehicles(first: 1, skip: -1) { id } }', /skip: a number from 0/, 'BAD_USER_INPUT'],
  ['a hash that is too short', '{ events(where: { accounts_contains: ["0x12"] }) { id } }', /where: accounts_contains: 32 bytes belong here, as 0x and 64 hexadecimal digits/, 'BAD_USER_INPUT'],
  ['a time that is none', '{ blocks(where: { time_gt: "yesterday" }) { id } }', /a time belongs here, such as "2026-/, 'BAD_USER_INPUT'],
  ['an id of another form', '{ events(where: { id: "7" }) { id } }', /an id of events is block-place/, 'BAD_USER_INPUT'],
  ['a comparison with nothing', '{ vehicles(where: { price_gt: null }) { id } }', /nothing can be equal, or not, and no more/, 'BAD_USER_INPUT'],
  ['a block in two ways', '{ vehicles(block: { number: 1, number_gte: 1 }) { id } }', /one of number, hash and number_gte belongs here/, 'BAD_USER_INPUT'],
  ['a hash of no block', `{ _meta(block: { hash: "0x${'00'.repeat(32)}" }) { digest } }`, /no final block of the index has this hash/, 'BAD_USER_INPUT'],
  ['nothing to search for', '{ search(text: " ") { id } }', /1 to 128 bytes belong here/, 'BAD_USER_INPUT'],
]) {
  test(`${title}: refused, and how to ask instead is said`, async () => {
    const { message, code: said } = await refused(question);
    assert.match(message, sentence);
    if (code instanceof RegExp) assert.match(said, code);
    else assert.equal(said, code);
  });
}

for (const [title, question, sentence, code] of [
  ['a text that is no question', '{ vehicles { id }', /expected/, undefined],
  ['brackets that lie too deep', '{'.repeat(100), /brackets lie more than 64 deep/, 'TOO_EXPENSIVE'],
  ['brackets behind a comment that looks like a text', `#"\\\n${'{a'.repeat(100)}`, /brackets lie more than 64 deep/, 'TOO_EXPENSIVE'],
  ['a text that does not end', '{ search(text: "x\n") { id } }', /a text in quotes does not end/, 'TOO_EXPENSIVE'],
  ['a schema of schemas', '{ __schema { ...a } } fragment a on __Schema { types { fields { type { fields { type { fields { name } } } } } } }', /the schema is asked for too deep/, 'TOO_EXPENSIVE'],
  ['defaults that multiply', 'query ($n: Int = 1000) { blocks(first: $n) { events(first: $n) { name } } }', /more than \d+ values/, 'TOO_EXPENSIVE'],
  ['a subscription by POST', 'subscription { blocks { number } }', /not supported on this transport/, undefined],
]) {
  test(`${title}: refused, also where the client did not see it`, async () => {
    const { data, errors } = await (await post(JSON.stringify({ query: question }))).json();
    assert.equal(data ?? null, null);
    assert.match(errors[0].message, sentence);
    assert.equal(errors[0].extensions?.code, code);
  });
}

test('a block that is not there yet is refused, with how far the index is', async () => {
  const now = await last();
  for (const block of ['number', 'number_gte']) {
    const { message, code } = await refused(`{ vehicles(block: { ${block}: ${now + 1_000_000} }) { id } }`);
    assert.match(message, new RegExp(`block ${now + 1_000_000} is not indexed yet: the index has come to \\d+`));
    assert.equal(code, 'BAD_USER_INPUT');
  }
});

test('a cursor of another order is refused, with both orders', async () => {
  const { vehiclesConnection } = await ask('{ vehiclesConnection(first: 1, orderBy: plate) { pageInfo { endCursor } } }');
  const { endCursor } = vehiclesConnection.pageInfo;
  const { message, code } = await refused('query ($after: String) { vehiclesConnection(first: 1, after: $after, orderBy: vin) { nodes { id } } }', { after: endCursor });
  assert.match(message, /ordered by plate, and this one is by vin: begin anew, or ask for that order/);
  assert.equal(code, 'BAD_USER_INPUT');
});

test('what is refused in one field does not keep the others from an answer', async () => {
  const response = await post(JSON.stringify({ query: '{ _meta { block { number } } block(id: "x") { number } }' }));
  const { data, errors } = await response.json();
  assert.ok(data._meta.block.number > 0);
  assert.equal(data.block, null);
  assert.deepEqual(errors.map(({ path, extensions }) => [path, extensions.code]), [[['block'], 'BAD_USER_INPUT']]);
});

test('bodies that are no requests are refused', async () => {
  const nonsense = await post('hello');
  assert.equal(nonsense.status, 400);
  assert.match((await nonsense.json()).errors[0].message, /the body is no request of GraphQL in JSON/);
  const request = { query: '{ _meta { digest } }' };
  const answers = await (await post(JSON.stringify(Array(50).fill(request)))).json();
  assert.ok(answers.length === 50 && answers.every(({ data }) => data._meta.digest));
  assert.equal((await post(JSON.stringify(Array(51).fill(request)))).status, 400);
  assert.equal((await post(JSON.stringify({ query: `# ${'x'.repeat(200_000)}` }))).status, 413);
});

test('a WebSocket has to say that it speaks graphql-transport-ws', async () => {
  const status = await new Promise((resolve, reject) => {
    const socket = new WebSocket(endpoint.replace(/^http/, 'ws'));
    socket.on('unexpected-response', (request, response) => {
      request.destroy();
      resolve(response.statusCode);
    });
    socket.on('open', () => reject(new Error('it was opened')));
    socket.on('error', reject);
  });
  assert.equal(status, 400);
});

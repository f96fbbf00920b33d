// Whole lists by cursors, as Relay walks them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, between, last } from '../index.js';

/** Pages of a walk, at most. */
const PAGES = 40;
/** Rows of a walk, at most: of a longer chain the latest. */
const ROWS = 30_000;

/** Walks a connection from one end to the other; gives the ids in the order of the list. */
async function walk(kind, args, variables, count, backwards) {
  const [size, place] = backwards ? ['last', 'before'] : ['first', 'after'];
  const question = `query ($count: Int, $place: String, $block: BlockHeight, $where: ${kind.filter}) {
    page: ${kind.field}Connection(${size}: $count, ${place}: $place, block: $block, where: $where ${args}) {
      totalCount
      edges { cursor node { id } }
      nodes { id }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }`;
  const ids = [];
  let cursor = null;
  for (let pages = 1; ; pages += 1) {
    const { page } = await ask(question, { ...variables, count, place: cursor });
    const own = page.edges.map((edge) => edge.node.id);
    assert.deepEqual(page.nodes.map(({ id }) => id), own);
    assert.ok(own.length > 0 && own.length <= count, `page ${pages} has ${own.length}`);
    assert.equal(page.pageInfo.startCursor, page.edges[0].cursor);
    assert.equal(page.pageInfo.endCursor, page.edges.at(-1).cursor);
    if (backwards) ids.unshift(...own);
    else ids.push(...own);
    const { hasNextPage, hasPreviousPage } = page.pageInfo;
    assert.equal(backwards ? hasNextPage : hasPreviousPage, pages > 1, 'whence it came');
    if (!(backwards ? hasPreviousPage : hasNextPage)) return { ids, total: Number(page.totalCount), pages };
    cursor = backwards ? page.pageInfo.startCursor : page.pageInfo.endCursor;
    assert.ok(pages <= PAGES + 1, 'it comes to an end');
  }
}

/** How many rows a list has. */
async function count(kind, block, where) {
  const question = `query ($block: BlockHeight, $where: ${kind.filter}) { all: ${kind.field}Connection(block: $block, where: $where, first: 1) { totalCount } }`;
  return Number((await ask(question, { block, where })).all.totalCount);
}

/** Every row once, forwards and backwards, in the order of the list. */
async function isWhole(kind, args, conditions = {}) {
  const block = { number: await last() };
  let where = conditions;
  let rows = await count(kind, block, where);
  for (let blocks = block.number; rows > ROWS; rows = await count(kind, block, where)) {
    blocks = Math.floor(blocks / 2);
    where = { ...conditions, [kind.height ?? 'blockNumber_gt']: block.number - blocks };
  }
  assert.ok(rows >= 2, `there are ${kind.field} to walk over: ${rows}`);
  // Pages that do not come out even.
  const size = Math.max(rows > 7 ? 3 : 1, Math.ceil(rows / PAGES));
  const forwards = await walk(kind, args, { block, where }, size, false);
  const backwards = await walk(kind, args, { block, where }, size, true);
  assert.equal(forwards.total, rows);
  assert.equal(forwards.ids.length, rows);
  assert.equal(new Set(forwards.ids).size, rows, 'every row once');
  assert.deepEqual(backwards.ids, forwards.ids);
  const list = `query ($block: BlockHeight, $where: ${kind.filter}) { list: ${kind.field}(block: $block, where: $where, first: 1000 ${args}) { id } }`;
  const { list: begin } = await ask(list, { block, where });
  assert.deepEqual(begin.map(({ id }) => id), forwards.ids.slice(0, 1000), 'as the list has them');
}

const events = { field: 'events', filter: 'EventFilter' };
const extrinsics = { field: 'extrinsics', filter: 'ExtrinsicFilter' };
const vehicles = { field: 'vehicles', filter: 'VehicleFilter' };
const balances = { field: 'balances', filter: 'BalanceFilter' };
const transfers = { field: 'transfers', filter: 'TransferFilter' };
const blocks = { field: 'blocks', filter: 'BlockFilter', height: 'number_gt' };

for (const [title, kind, args, where] of [
  ['blocks', blocks, '', {}],
  ['blocks, the latest first', blocks, ', orderBy: number, orderDirection: desc', {}],
  ['events by their place', events, '', {}],
  ['events, the latest first', events, ', orderBy: id, orderDirection: desc', {}],
  ['events of one kind', events, '', { pallet: 'System', name: 'ExtrinsicSuccess' }],
  ['events by time, many at once', events, ', orderBy: time', { pallet_not: 'System' }],
  ['extrinsics by fee, many of which have none', extrinsics, ', orderBy: fee, orderDirection: desc', {}],
  ['extrinsics by signer, many of which have none', extrinsics, ', orderBy: signer', {}],
  ['extrinsics that went well', extrinsics, ', orderBy: success', {}],
  ['vehicles', vehicles, '', {}],
  ['vehicles by plate', vehicles, ', orderBy: plate', {}],
  ['vehicles by owner, the last first', vehicles, ', orderBy: ownerId, orderDirection: desc', {}],
  ['vehicles by a price that few have', vehicles, ', orderBy: paid', {}],
  ['vehicles by a price that few have, the highest first', vehicles, ', orderBy: paid, orderDirection: desc', {}],
  ['balances by what is free', balances, ', orderBy: free, orderDirection: desc', {}],
  ['transfers by amount', transfers, ', orderBy: amount', {}],
]) {
  test(`a walk over ${title} meets each once, there and back`, () => isWhole(kind, args, where));
}

test('what an account signed, and where it is named, are walked over as well', async () => {
  const { extrinsics: signed } = await ask('{ extrinsics(where: { signer_not: null }, first: 1) { signer } }');
  assert.ok(signed.length > 0, 'somebody signed something');
  const [{ signer }] = signed;
  await isWhole(events, '', { accounts_contains: [signer] });
  await isWhole(extrinsics, '', { signer });
});

test('the latest of what has a lookup are those that are found without it, page after page', async () => {
  const { extrinsics: signed } = await ask('{ extrinsics(where: { signer_not: null }, first: 1) { signer } }');
  const [{ signer }] = signed;
  for (const [kind, where] of [
    [events, { accounts_contains: [signer] }],
    [events, { pallet: 'System', name: 'ExtrinsicSuccess' }],
    [extrinsics, { signer }],
  ]) {
    const latest = `${kind.field}Connection(first: 3, orderDirection: desc`;
    const question = `query ($where: ${kind.filter}, $around: ${kind.filter}) {
      direct: ${latest}, where: $where) { nodes { id } pageInfo { endCursor } }
      around: ${latest}, where: $around) { nodes { id } }
    }`;
    const next = `query ($where: ${kind.filter}, $around: ${kind.filter}, $after: String) {
      direct: ${latest}, where: $where, after: $after) { nodes { id } }
      around: ${latest}, where: $around, after: $after) { nodes { id } }
    }`;
    // A condition within another is not seen by the lookup.
    const variables = { where, around: { or: [where] } };
    const { direct, around } = await between(() => ask(question, variables));
    assert.ok(direct.nodes.length > 0, JSON.stringify(where));
    assert.deepEqual(direct.nodes, around.nodes);
    const after = direct.pageInfo.endCursor;
    const further = await ask(next, { ...variables, after });
    assert.deepEqual(further.direct.nodes, further.around.nodes);
    assert.ok(further.direct.nodes.every(({ id }) => direct.nodes.every((node) => node.id !== id)));
  }
});

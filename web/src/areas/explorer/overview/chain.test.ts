import { expect, test } from 'vitest';
import { type FinalBlock, followed, heightsOf, type LiveView, newestBlocks } from './chain';

function live(numbers: readonly number[], finalized: number, retracted: readonly string[] = []) {
  const view: LiveView = {
    connected: true,
    gap: 0,
    finalized: { number: finalized, hash: `0xf${finalized}` },
    blocks: numbers.map((number) => ({
      number,
      hash: `0xb${number}`,
      time: null,
      authority: 1,
      extrinsics: [{}],
      events: [{}, {}],
    })),
  };
  return { ...view, retracted: retracted.map((hash) => ({ hash })) };
}

function final(number: number): FinalBlock {
  return {
    number,
    hash: `0xf${number}`,
    time: '2026-11-30T07:00:00Z',
    authority: 0,
    extrinsicCount: 3,
    eventCount: 9,
  };
}

test('the newest blocks are first, and those beyond finality are marked', () => {
  const rows = newestBlocks(followed(undefined, live([8, 9, 10], 7)), [final(7), final(6)], 4);
  expect(rows.map((row) => [row.number, row.isFinal])).toEqual([
    [10, false],
    [9, false],
    [8, false],
    [7, true],
  ]);
  expect(rows[0]).toMatchObject({ extrinsics: 1, events: 2 });
});

test('a block that became final in the index is shown as final, with the hash that became final', () => {
  const rows = newestBlocks(followed(undefined, live([8, 9], 7)), [final(8)], 8);
  expect(rows).toHaveLength(2);
  expect(rows[1]).toMatchObject({ number: 8, hash: '0xf8', isFinal: true });
});

test('a block that became final is shown until the index has it, and one that was taken back is not', () => {
  const first = followed(undefined, live([8, 9], 7));
  const second = followed(first, live([10], 9, ['0xb9']));
  expect(newestBlocks(second, [final(7)], 8).map((row) => [row.number, row.isFinal])).toEqual([
    [10, false],
    [8, true],
    [7, true],
  ]);
});

test('where nothing is known of what was taken back, all that was not final is forgotten', () => {
  const first = followed<ReturnType<typeof live> | (LiveView & { retracted: null })>(
    undefined,
    live([8, 9], 7),
  );
  expect(followed(first, { ...live([10], 9), retracted: null }).passed).toEqual([]);
});

test('the lag is what lies between the best and the last final block', () => {
  expect(heightsOf(live([8, 9, 10], 7))).toEqual({ best: 10, final: 7, lag: 3 });
  expect(heightsOf(live([], 7))).toEqual({ best: 7, final: 7, lag: 0 });
});

test('while the node is not heard, nothing is said of heights', () => {
  expect(heightsOf(undefined).lag).toBeUndefined();
  expect(heightsOf({ ...live([8], 7), connected: false }).best).toBeUndefined();
});

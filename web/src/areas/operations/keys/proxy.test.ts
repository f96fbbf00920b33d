import { expect, test } from 'vitest';
import { type Draft, mostProxies, readProxy } from './proxy';

const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty';
const hot: Draft = { delegate: BOB, kind: 'Spending', most: '1,000', delay: '' };
const made = { delegate: BOB, kind: { type: 'Spending', value: { most: 1_000_000_000n } }, delay: 0 };

const troubles = (changed: Partial<Draft>, present = [] as Parameters<typeof readProxy>[2]) => {
  const read = readProxy({ ...hot, ...changed }, ALICE, present);
  expect(read.proxy).toBeUndefined();
  return Object.fromEntries(read.troubles);
};

test('a limit is typed in yuan, and a delay in blocks', () => {
  expect(readProxy(hot, ALICE, []).proxy).toEqual(made);
  expect(readProxy({ ...hot, most: '0.000001', delay: ' 300 ' }, ALICE, []).proxy).toMatchObject({
    kind: { value: { most: 1n } },
    delay: 300,
  });
});

test('a kind without a limit takes none, whatever was typed before', () => {
  expect(readProxy({ ...hot, kind: 'Fleet' }, ALICE, []).proxy).toEqual({
    delegate: BOB,
    kind: { type: 'Fleet', value: undefined },
    delay: 0,
  });
});

test('what the chain would refuse is told before', () => {
  expect(troubles({ delegate: '', kind: undefined })).toEqual({ delegate: 'empty', kind: 'empty' });
  expect(troubles({ delegate: '5Grw' })).toEqual({ delegate: 'notAccount' });
  expect(troubles({ delegate: ALICE })).toEqual({ delegate: 'itself' });
  expect(troubles({ most: '' })).toEqual({ most: 'empty' });
  expect(troubles({ most: '0' })).toEqual({ most: 'nothing' });
  expect(troubles({ most: '-5' })).toEqual({ most: 'notMoney' });
  expect(troubles({ most: 'a lot' })).toEqual({ most: 'notMoney' });
  for (const delay of ['-1', '1.5', '4294967296', 'soon'])
    expect(troubles({ delay })).toEqual({ delay: 'notNumber' });
  expect(troubles({}, [made])).toEqual({ delegate: 'same' });
  expect(troubles({}, Array(mostProxies).fill({ ...made, delay: 7 }))).toEqual({ delegate: 'tooMany' });
});

test('another limit for the same key is another key to the chain', () => {
  expect(readProxy({ ...hot, most: '2000' }, ALICE, [made]).proxy).toBeDefined();
});

import { expect, test } from 'vitest';
import { accountHex } from '../../../format/ids';
import { type EventRow, motionsOf } from './history';

const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty';
const hash = `0x${'ab'.repeat(32)}`;

const event = (id: string, name: string, fields: object): EventRow => ({
  id,
  blockNumber: Number(id.split('-')[0]),
  time: `2026-11-30T00:00:${id.split('-')[0]?.padStart(2, '0')}.000Z`,
  extrinsicPlace: 2,
  name,
  fields: { proposal_hash: hash, ...fields },
});
const begun = (id: string, index: number) =>
  event(id, 'Proposed', { account: accountHex(ALICE), proposal_index: index, threshold: 3 });
const voted = (id: string, account: string, aye: boolean) =>
  event(id, 'Voted', { account: accountHex(account), voted: aye, yes: 1, no: 0 });
const proposal = { call: 'System.remark', args: { remark: '0x6869' } };
const calls = [{ blockNumber: 10, extrinsicPlace: 2, args: { threshold: 3, proposal, length_bound: 6 } }];

test('a motion is proposed, voted on, closed and carried out', () => {
  const [motion] = motionsOf(
    // The index answers the newest first, and by their ids as texts in another order: 9 and 10 of one block.
    [
      event('20-10', 'Executed', { result: { Ok: null } }),
      event('20-9', 'Approved', {}),
      event('20-8', 'Closed', { yes: 3, no: 0 }),
      voted('12-3', BOB, true),
      voted('11-3', ALICE, true),
      begun('10-3', 0),
    ],
    calls,
  );
  expect(motion).toMatchObject({
    index: 0,
    hash,
    proposedBy: ALICE,
    threshold: 3,
    ending: 'carried',
    event: '20-10',
    endedAt: '2026-11-30T00:00:20.000Z',
    proposal: { proposal },
  });
  expect(motion?.votes.map(({ account, aye }) => [account, aye])).toEqual([
    [ALICE, true],
    [BOB, true],
  ]);
});

test('who changes her vote has one, the last', () => {
  const [motion] = motionsOf([begun('10-3', 0), voted('11-1', ALICE, true), voted('12-1', ALICE, false)], []);
  expect(motion?.votes).toEqual([{ account: ALICE, aye: false, time: '2026-11-30T00:00:12.000Z' }]);
  expect(motion?.ending).toBe('open');
  expect(motion?.proposal).toBeUndefined();
});

test('what was agreed on and could not be done says why', () => {
  const [motion] = motionsOf(
    [begun('10-3', 0), event('20-3', 'Executed', { result: { Err: 'BadOrigin' } })],
    [],
  );
  expect(motion).toMatchObject({ ending: 'failed', error: 'BadOrigin' });
});

test('the same may be proposed again: these are two motions', () => {
  const motions = motionsOf(
    [begun('10-3', 0), event('20-3', 'Disapproved', {}), begun('30-3', 1), voted('31-3', BOB, false)],
    [],
  );
  expect(motions.map(({ index, ending, votes }) => [index, ending, votes.length])).toEqual([
    [1, 'open', 1],
    [0, 'dropped', 0],
  ]);
});

test('a motion whose beginning is not among the events is left out', () => {
  expect(motionsOf([voted('11-1', ALICE, true), event('20-3', 'Killed', {})], [])).toEqual([]);
});

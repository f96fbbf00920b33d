import { readFileSync } from 'node:fs';
import { blake2b } from '@noble/hashes/blake2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { expect, test } from 'vitest';
import { type DecodedCall, Metadata } from '../../../chain/metadata';
import { accountHex } from '../../../format/ids';
import { callOfIndex, indexedRefusal, proposed, proposedName } from './indexedCall';

const metadata = new Metadata(
  new Uint8Array(readFileSync(new URL('../../../../../offchain/chain/metadata.scale', import.meta.url))),
);
const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty';
const utf8 = new TextEncoder();
const hash32 = `0x${'ab'.repeat(32)}`;

const call = (type: string, name: string, value?: unknown): DecodedCall => ({
  type,
  value: { type: name, value },
});
const suspend = call('Consortium', 'set_active', { company: 2, active: false });
const suspendJson = { call: 'Consortium.set_active', args: { company: 2, active: false } };

/** What the index writes, and what polkadot-api takes for the same. */
const pairs: ReadonlyArray<readonly [string, unknown, DecodedCall]> = [
  ['a company is suspended', suspendJson, suspend],
  [
    'a company joins for a while',
    { call: 'Consortium.admit', args: { application: 3, until: '1796083200', seat: true } },
    call('Consortium', 'admit', { application: 3, until: 1_796_083_200n, seat: true }),
  ],
  [
    'a company is a member without end',
    { call: 'Consortium.renew', args: { company: 2, until: null } },
    call('Consortium', 'renew', { company: 2, until: undefined }),
  ],
  [
    'a company is expelled',
    { call: 'Consortium.expel', args: { company: 2, reason: hash32 } },
    call('Consortium', 'expel', { company: 2, reason: hash32 }),
  ],
  [
    'a company applies with a paper',
    {
      call: 'Consortium.apply',
      args: {
        name: `0x${bytesToHex(utf8.encode('河山出行'))}`,
        kind: 'Platform',
        treasury: accountHex(ALICE),
        papers: [{ kind: 'BusinessLicence', hash: hash32 }],
      },
    },
    call('Consortium', 'apply', {
      name: utf8.encode('河山出行'),
      kind: { type: 'Platform', value: undefined },
      treasury: ALICE,
      papers: [{ kind: { type: 'BusinessLicence', value: undefined }, hash: hash32 }],
    }),
  ],
  [
    'another account votes for a company',
    { call: 'Consortium.move_seat', args: { company: 2, to: accountHex(BOB) } },
    call('Consortium', 'move_seat', { company: 2, to: BOB }),
  ],
  [
    'a machine leaves the network',
    { call: 'Nodes.remove_by_council', args: { node: hash32 } },
    call('Nodes', 'remove_by_council', { node: hash32 }),
  ],
  [
    'a company gets an allowance of its own',
    {
      call: 'Allowance.set_allowance',
      args: { company: 2, allowance: { max: '10000000', recovery_per_block: '33334' } },
    },
    call('Allowance', 'set_allowance', {
      company: 2,
      allowance: { max: 10_000_000n, recovery_per_block: 33_334n },
    }),
  ],
  [
    'a fee changes: the name of the parameter carries nothing',
    {
      call: 'Parameters.set_parameter',
      args: { key_value: { Fees: { PerByte: [{}, '2'] } } },
    },
    call('Parameters', 'set_parameter', {
      key_value: { type: 'Fees', value: { type: 'PerByte', value: [2n] } },
    }),
  ],
  [
    'the highest power is used for a call in a call',
    { call: 'Consortium.enact', args: { call: suspendJson } },
    call('Consortium', 'enact', { call: suspend }),
  ],
  [
    'several at once',
    { call: 'Utility.batch_all', args: { calls: [suspendJson, suspendJson] } },
    call('Utility', 'batch_all', { calls: [suspend, suspend] }),
  ],
  [
    'money moves to an account in its wrapper',
    {
      call: 'Balances.force_transfer',
      args: { source: { Id: accountHex(ALICE) }, dest: { Id: accountHex(BOB) }, value: '7000000' },
    },
    call('Balances', 'force_transfer', {
      source: { type: 'Id', value: ALICE },
      dest: { type: 'Id', value: BOB },
      value: 7_000_000n,
    }),
  ],
  [
    'it is planned for later, without a repetition',
    {
      call: 'Scheduler.schedule_after',
      args: { after: 10, maybe_periodic: null, priority: 63, call: suspendJson },
    },
    call('Scheduler', 'schedule_after', {
      after: 10,
      maybe_periodic: undefined,
      priority: 63,
      call: suspend,
    }),
  ],
  [
    'it is planned for later, with one',
    {
      call: 'Scheduler.schedule_after',
      args: { after: 10, maybe_periodic: [5, 3], priority: 63, call: suspendJson },
    },
    call('Scheduler', 'schedule_after', { after: 10, maybe_periodic: [5, 3], priority: 63, call: suspend }),
  ],
  [
    'the council gets other members',
    {
      call: 'Council.set_members',
      args: { new_members: [accountHex(ALICE), accountHex(BOB)], prime: null, old_count: 4 },
    },
    call('Council', 'set_members', { new_members: [ALICE, BOB], prime: undefined, old_count: 4 }),
  ],
  [
    'a note',
    { call: 'System.remark', args: { remark: '0x6869' } },
    call('System', 'remark', { remark: utf8.encode('hi') }),
  ],
  ['the chain stands still', { call: 'SafeMode.force_enter', args: {} }, call('SafeMode', 'force_enter')],
];

test.each(pairs)('%s: what the index wrote is the call that was proposed', (_, json, whole) => {
  const bytes = metadata.encodeCall(whole);
  expect(bytesToHex(metadata.encodeCall(callOfIndex(metadata, json)))).toBe(bytesToHex(bytes));
  const hash = `0x${bytesToHex(blake2b(bytes, { dkLen: 32 }))}`;
  const found = proposed(metadata, { threshold: 3, proposal: json }, hash);
  expect(found && bytesToHex(metadata.encodeCall(found))).toBe(bytesToHex(bytes));
});

test('what does not have the hash of the motion is not shown as what was proposed', () => {
  const other = { call: 'Consortium.set_active', args: { company: 3, active: false } };
  const hash = `0x${bytesToHex(blake2b(metadata.encodeCall(suspend), { dkLen: 32 }))}`;
  expect(proposed(metadata, { proposal: other }, hash)).toBeUndefined();
  expect(proposed(metadata, { proposal: suspendJson }, hash)).toEqual(suspend);
});

test('of what is too long to be kept, or unknown, only the name is there', () => {
  const code = { call: 'System.set_code', args: { code: { bytes: 900_000, hash: '0x00' } } };
  expect(proposed(metadata, { proposal: code }, '0x00')).toBeUndefined();
  expect(proposedName({ proposal: code })).toBe('System.set_code');
  const old = { call: 'Gone.away', args: {} };
  expect(proposed(metadata, { proposal: old }, '0x00')).toBeUndefined();
  expect(proposedName({})).toBeUndefined();
});

test('a refusal of a pallet has its name, one of the dispatcher too', () => {
  const [first] = metadata.errors().filter(({ pallet }) => pallet === 'Consortium');
  const refusal = indexedRefusal(metadata, { Module: { index: 6, error: '0x00000000' } });
  expect(refusal).toEqual({ kind: 'pallet', pallet: 'Consortium', name: first?.name });
  expect(indexedRefusal(metadata, 'BadOrigin')).toEqual({ kind: 'dispatch', name: 'BadOrigin' });
  expect(indexedRefusal(metadata, { Token: 'Frozen' })).toEqual({ kind: 'dispatch', name: 'Token.Frozen' });
  expect(indexedRefusal(metadata, { Module: { index: 99, error: '0x00' } }).name).toBe('Unknown');
});

import { readFileSync } from 'node:fs';
import { bytesToHex } from '@noble/hashes/utils.js';
import { expect, test } from 'vitest';
import { describeCall } from '../../../chain/calls/describe';
import { Metadata } from '../../../chain/metadata';
import { type ChoiceName, choiceNames, choices, type FieldKind, groups, readChoice } from './choices';
import { powerOf } from './powers';

const metadata = new Metadata(
  new Uint8Array(readFileSync(new URL('../../../../../offchain/chain/metadata.scale', import.meta.url))),
);
const known = { metadata, seats: 4 };
const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty';
const remark = {
  type: 'System',
  value: { type: 'remark', value: { remark: new TextEncoder().encode('hi') } },
};

const samples: Readonly<Record<FieldKind, string>> = {
  account: ALICE,
  accounts: `${ALICE}\n${BOB}`,
  call: 'Vehicles.register',
  company: '2',
  companyKind: 'Platform',
  count: '70000',
  encoded: `0x${bytesToHex(metadata.encodeCall(remark))}`,
  hash: `0x${'ab'.repeat(32)}`,
  name: '河山出行',
  note: 'The council met today.',
  yuan: '0.000002',
};

const filled = (name: ChoiceName) =>
  Object.fromEntries(choices[name].fields.map((field) => [field.name, samples[field.kind]]));

test.each(choiceNames.map((name) => [name] as const))(
  '%s makes a call that the council may do, said in words',
  (name) => {
    const { call, troubles } = readChoice(name, filled(name), known);
    expect([...troubles]).toEqual([]);
    if (call === undefined) throw new Error('nothing was made');
    expect(powerOf(call)).toBeDefined();
    // What comes back from the chain is what went to it.
    const bytes = metadata.encodeCall(call);
    expect(metadata.encodeCall(metadata.decodeCall(bytes))).toEqual(bytes);
    for (const language of ['en', 'zh'] as const)
      expect(describeCall(metadata, metadata.decodeCall(bytes), language).known).toBe(true);
  },
);

test('every choice is offered once', () => {
  expect(groups.flatMap(([, names]) => names).sort()).toEqual([...choiceNames].sort());
});

test('a new fee is the one that was typed', () => {
  const { call } = readChoice('feePerByte', { yuan: '0.000002' }, known);
  expect(call && describeCall(metadata, call, 'en').sentence).toContain('PerByte: 2');
});

test('what is wrong is named, and nothing is made of it', () => {
  const trouble = (name: ChoiceName, typed: Record<string, string>) => {
    const read = readChoice(name, typed, known);
    expect(read.call).toBeUndefined();
    return Object.fromEntries(read.troubles);
  };
  expect(trouble('admit', {})).toEqual({ name: 'empty', kind: 'empty', treasury: 'empty', admin: 'empty' });
  expect(trouble('appoint', { company: '1', admin: '5Grw' })).toEqual({ admin: 'notAccount' });
  expect(trouble('admit', { ...filled('admit'), name: '出行'.repeat(11) })).toEqual({ name: 'tooLong' });
  expect(trouble('members', { members: `${ALICE} ${ALICE}` })).toEqual({ members: 'twice' });
  expect(trouble('pause', { call: 'Vehicles.fly' })).toEqual({ call: 'notCall' });
  expect(trouble('feePerByte', { yuan: '-1' })).toEqual({ yuan: 'notMoney' });
  expect(trouble('maxSeats', { count: '4294967296' })).toEqual({ count: 'notNumber' });
  expect(trouble('encoded', { encoded: '0x00' })).toEqual({ encoded: 'notEncoded' });
  expect(trouble('upgrade', { code: '0xab' })).toEqual({ code: 'notHash' });
});

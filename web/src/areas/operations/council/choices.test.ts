import { readFileSync } from 'node:fs';
import { bytesToHex } from '@noble/hashes/utils.js';
import { expect, test } from 'vitest';
import { describeCall } from '../../../chain/calls/describe';
import { Metadata } from '../../../chain/metadata';
import {
  type ChoiceName,
  choiceNames,
  choices,
  type FieldKind,
  groups,
  readChoice,
  reasonHash,
} from './choices';
import { powerOf } from './powers';

const metadata = new Metadata(
  new Uint8Array(readFileSync(new URL('../../../../../offchain/chain/metadata.scale', import.meta.url))),
);
const known = { metadata, nowMs: Date.parse('2026-11-30T12:00:00Z') };
const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
const MACHINE = '12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp';
const remark = {
  type: 'System',
  value: { type: 'remark', value: { remark: new TextEncoder().encode('hi') } },
};

const samples: Readonly<Record<FieldKind, string>> = {
  account: ALICE,
  admissible: '0',
  application: '0',
  call: 'Vehicles.register',
  company: '2',
  count: '70000',
  encoded: `0x${bytesToHex(metadata.encodeCall(remark))}`,
  hash: `0x${'ab'.repeat(32)}`,
  node: MACHINE,
  note: 'The council met today.',
  reason: '连续三次未结算。\n',
  seat: 'yes',
  until: '2027-12-01T00:00',
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

/** What a call carries. */
const made = (name: ChoiceName, typed: Record<string, string>) =>
  readChoice(name, { ...filled(name), ...typed }, known).call?.value.value;

test('a membership lasts until the second that was typed, by the clock of the place, or without end', () => {
  const until = BigInt(new Date(2027, 11, 1).getTime() / 1000);
  expect(made('admit', {})).toEqual({ application: 0, until, seat: true });
  expect(made('admit', { until: '', seat: 'no' })).toEqual({ application: 0, until: undefined, seat: false });
  expect(made('renew', { until: '' })).toEqual({ company: 2, until: undefined });
});

test('of a reason the hash goes to the chain alone, of each letter as it was typed', () => {
  // Keccak-256 of the empty text and of `abc`, as Ethereum has them.
  expect(reasonHash('')).toBe('0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470');
  const reason = '0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45';
  expect(made('expel', { reason: 'abc' })).toEqual({ company: 2, reason });
  expect(made('expel', { reason: 'abc\n' })).not.toEqual({ company: 2, reason });
});

test('a machine is named by its peer id or its key', () => {
  const node = '0x4cb5abf6ad79fbf5abbccafcc269d85cd2651ed4b885b5869f241aedf0a5ba29';
  expect(made('removeNode', {})).toEqual({ node });
  expect(made('removeNode', { node })).toEqual({ node });
});

test('an allowance is in yuan, and may be nothing', () => {
  expect(made('ownAllowance', { most: '10', recovery: '0.033334' })).toEqual({
    company: 2,
    allowance: { max: 10_000_000n, recovery_per_block: 33_334n },
  });
  expect(made('ownAllowance', { most: '0' })).toMatchObject({ allowance: { max: 0n } });
  expect(made('commonAllowance', {})).toEqual({ company: 2, allowance: undefined });
});

test('what is wrong is named, and nothing is made of it', () => {
  const trouble = (name: ChoiceName, typed: Record<string, string>) => {
    const read = readChoice(name, typed, known);
    expect(read.call).toBeUndefined();
    return Object.fromEntries(read.troubles);
  };
  expect(trouble('admit', {})).toEqual({ application: 'empty', seat: 'empty' });
  expect(trouble('admit', { ...filled('admit'), application: 'three' })).toEqual({
    application: 'notNumber',
  });
  expect(trouble('renew', { company: '1', until: '2026-11-01T00:00' })).toEqual({ until: 'inPast' });
  expect(trouble('renew', { company: '1', until: 'tomorrow' })).toEqual({ until: 'notTime' });
  expect(trouble('expel', { company: '1', reason: ' \n' })).toEqual({ reason: 'empty' });
  expect(trouble('removeNode', { node: ALICE })).toEqual({ node: 'notNode' });
  expect(trouble('ownAllowance', { company: '1', most: '-1', recovery: 'x' })).toEqual({
    most: 'notMoney',
    recovery: 'notMoney',
  });
  expect(trouble('appoint', { company: '1', admin: '5Grw' })).toEqual({ admin: 'notAccount' });
  expect(trouble('remark', { note: '出'.repeat(334) })).toEqual({ note: 'tooLong' });
  expect(trouble('pause', { call: 'Vehicles.fly' })).toEqual({ call: 'notCall' });
  expect(trouble('feePerByte', { yuan: '-1' })).toEqual({ yuan: 'notMoney' });
  expect(trouble('maxSeats', { count: '4294967296' })).toEqual({ count: 'notNumber' });
  expect(trouble('encoded', { encoded: '0x00' })).toEqual({ encoded: 'notEncoded' });
  expect(trouble('upgrade', { code: '0xab' })).toEqual({ code: 'notHash' });
});

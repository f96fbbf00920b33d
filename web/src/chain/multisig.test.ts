import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeCall } from './calls/describe';
import { type DecodedCall, Metadata } from './metadata';
import { agree, multisigOf, pendingOn, sharedAccount } from './multisig';

const metadata = new Metadata(
  new Uint8Array(readFileSync(new URL('../../../offchain/chain/metadata.scale', import.meta.url))),
);
const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty';
const CHARLIE = '5FLSigC9HGRKVhB9FiEo4Y3koPsNmBmLJbpXg2mp1hXcS59Y';
/** As polkadot-js makes it of these three with two to agree. */
const SHARED = '5DjYJStmdZ2rcqXbXGX7TW85JsrW6uG4y9MUcLq2BoPMpRA7';

const call: DecodedCall = { type: 'System', value: { type: 'remark', value: { remark: new Uint8Array(2) } } };
const weight = { ref_time: 1_000n, proof_size: 20n };

test('an account that several hold follows from who they are, in whatever order, and from how many agree', () => {
  expect(sharedAccount(multisigOf([ALICE, BOB, CHARLIE], 2))).toBe(SHARED);
  expect(sharedAccount(multisigOf([CHARLIE, ALICE, BOB, ALICE], 2))).toBe(SHARED);
  expect(sharedAccount(multisigOf([ALICE, BOB, CHARLIE], 3))).not.toBe(SHARED);
  expect(sharedAccount(multisigOf([ALICE, BOB], 2))).not.toBe(SHARED);
  expect(() => multisigOf(['Alice', BOB], 2)).toThrow();
});

test('the first opens it, the next names the extrinsic that did, and the chain can read both', () => {
  const multisig = multisigOf([ALICE, BOB, CHARLIE], 2);
  const opened = { when: { height: 7, index: 2 }, approvals: [ALICE] };
  const [first, second] = [
    agree(multisig, ALICE, call, weight, undefined),
    agree(multisig, BOB, call, weight, opened),
  ];
  const read = (signed: DecodedCall) => metadata.decodeCall(metadata.encodeCall(signed)).value.value;
  expect(read(first)).toMatchObject({ threshold: 2, maybe_timepoint: undefined, max_weight: weight });
  // Those of the others, in the order of their keys.
  expect(read(first)).toMatchObject({ other_signatories: [BOB, CHARLIE] });
  expect(read(second)).toMatchObject({ maybe_timepoint: { height: 7, index: 2 } });
  expect(describeCall(metadata, second, 'en').sentence).toMatch(/^Agree, for the account that you share/);
});

test('where any one is enough, the chain wants another call', () => {
  const signed = agree(multisigOf([ALICE, BOB], 1), ALICE, call, weight, undefined);
  expect(signed.value.type).toBe('as_multi_threshold_1');
  expect(metadata.decodeCall(metadata.encodeCall(signed)).value.value).toEqual({
    other_signatories: [BOB],
    call,
  });
});

test('what was agreed to is read; of what nobody opened there is nothing', async () => {
  const stored = { when: { height: 7, index: 2 }, deposit: 5n, depositor: ALICE, approvals: [ALICE] };
  const chain = { read: async (...asked: unknown[]) => (asked[2] === undefined ? undefined : stored) };
  expect(await pendingOn(chain, SHARED, `0x${'00'.repeat(32)}`)).toEqual({
    when: { height: 7, index: 2 },
    approvals: [ALICE],
  });
  expect(await pendingOn({ read: async () => undefined }, SHARED, '0x')).toBeUndefined();
});

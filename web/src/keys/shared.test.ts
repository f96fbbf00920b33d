import { expect, test } from 'vitest';
import { multisigOf, sharedAccount } from '../chain/multisig';
import { accountHex } from '../format/ids';
import { sharedBy } from './shared';

const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty';
const CHARLIE = '5FLSigC9HGRKVhB9FiEo4Y3koPsNmBmLJbpXg2mp1hXcS59Y';
const three = multisigOf([ALICE, BOB, CHARLIE], 2);
const account = sharedAccount(three);

const signed = (name: string, args: unknown, signer: string | null = accountHex(BOB)) => ({
  signer,
  calls: [
    { pallet: 'System', name: 'remark', args: {} },
    { pallet: 'Multisig', name, args },
  ],
});
const others = [accountHex(ALICE), accountHex(CHARLIE)];

test('who holds an account is told by what one of them signed', () => {
  expect(sharedBy(account, [signed('as_multi', { threshold: 2, other_signatories: others })])).toEqual(three);
  expect(
    sharedBy(account, [signed('approve_as_multi', { threshold: 2, other_signatories: others })]),
  ).toEqual(three);
});

test('where any one is enough, the call does not say so', () => {
  const any = multisigOf([ALICE, BOB, CHARLIE], 1);
  const row = signed('as_multi_threshold_1', { other_signatories: others });
  expect(sharedBy(sharedAccount(any), [row])).toEqual(any);
});

test('nobody is believed from whom the account does not follow', () => {
  const wrong = [
    signed('as_multi', { threshold: 3, other_signatories: others }),
    signed('as_multi', { threshold: 2, other_signatories: others }, accountHex(ALICE)),
    signed('as_multi', { threshold: 2, other_signatories: others }, null),
    signed('as_multi', { threshold: 2, other_signatories: ['0x00'] }),
    signed('as_multi', null),
  ];
  expect(sharedBy(account, wrong)).toBeUndefined();
});

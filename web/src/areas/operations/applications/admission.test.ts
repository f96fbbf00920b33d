import { expect, test } from 'vitest';
import { accountHex } from '../../../format/ids';
import { callOf } from '../../../wallet/requests';
import { admittedBy, missingOf, treasuryOf } from './admission';

const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty';

test('the council can admit when every paper is attested and the treasury has agreed', () => {
  const of = (treasuryAccepted: boolean | null, ...companies: (number | null)[]) =>
    missingOf({ treasuryAccepted, papers: companies.map((companyId) => ({ companyId })) });
  expect([of(true, 1, 2), of(true, 1, null), of(true)]).toEqual([null, 'papers', 'papers']);
  expect([of(false, 1, 2), of(null, 1, 2), of(false, 1, null)]).toEqual([
    'treasury',
    'treasury',
    'papersAndTreasury',
  ]);
});

test('another account than the applicant’s has to agree, however it is written', () => {
  expect(treasuryOf(` ${ALICE} `, ALICE)).toBe('own');
  expect(treasuryOf(accountHex(ALICE), ALICE)).toBe('own');
  expect(treasuryOf(BOB, ALICE)).toBe('other');
  expect([treasuryOf('', ALICE), treasuryOf('5Grw', ALICE), treasuryOf(BOB, undefined)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test('of a call it is known which application it would admit', () => {
  const admit = callOf('Consortium', 'admit', { application: 0, until: undefined, seat: true });
  expect(admittedBy(admit)).toBe(0);
  expect(admittedBy(callOf('Consortium', 'withdraw_application', { application: 3 }))).toBeUndefined();
  expect(admittedBy(callOf('System', 'remark', { remark: new Uint8Array() }))).toBeUndefined();
});

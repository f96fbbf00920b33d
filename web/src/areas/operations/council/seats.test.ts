import { expect, test } from 'vitest';
import { accountHex } from '../../../format/ids';
import { seatsOf } from './seats';

const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty';
const now = Date.parse('2026-11-30T00:00:00Z');
const company = (id: number, treasury: string) => ({
  company: id,
  name: String(id),
  treasury: accountHex(treasury),
});
const role = (companyId: number, account: string, permissions: number, expires: string | null = null) => ({
  companyId,
  account: accountHex(account),
  permissions,
  expires,
});

test('a seat is of the company whose treasury it is, and of those whose roles it grants', () => {
  const seats = seatsOf([ALICE, BOB], [company(1, ALICE)], [role(1, ALICE, 1023), role(2, BOB, 1)], now);
  expect(seats).toEqual([
    { account: ALICE, companies: [1] },
    { account: BOB, companies: [2] },
  ]);
});

test('who only drives or whose role is over speaks for nobody', () => {
  const over = '2026-11-29T00:00:00Z';
  expect(seatsOf([ALICE], [], [role(1, ALICE, 2), role(2, ALICE, 1, over)], now)[0]?.companies).toEqual([]);
});

import { expect, test } from 'vitest';
import { seatsOf } from './seats';

const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty';

/** A chain whose accounts vote for these companies. */
const chain = (companies: ReadonlyMap<unknown, unknown>) => ({
  read: async (pallet: string, item: string, keys: readonly unknown[] = []) =>
    `${pallet}.${item}` === 'Consortium.CompanyOfSeat' ? companies.get(keys[0]) : undefined,
});

test('each account votes for its company, in the order of the council', async () => {
  const seats = await seatsOf(chain(new Map([[ALICE, 2]])), [BOB, ALICE]);
  expect(seats).toEqual([
    { account: BOB, company: undefined },
    { account: ALICE, company: 2 },
  ]);
});

test('what is no company is not shown as one', async () => {
  await expect(seatsOf(chain(new Map([[ALICE, 'two']])), [ALICE])).rejects.toThrow();
});

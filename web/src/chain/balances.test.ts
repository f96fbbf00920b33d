import { expect, test } from 'vitest';
import { balanceOf } from './balances';

const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';

/** A chain on which the account is this. */
const chain = (account: unknown) => ({ read: async () => account });
const account = (free: bigint, reserved = 0n, frozen = 0n, providers = 1, sufficients = 0) => ({
  nonce: 3,
  consumers: 0,
  providers,
  sufficients,
  data: { free, reserved, frozen, flags: 0n },
});
const of = (value: unknown) => balanceOf(chain(value), ALICE);

test('no fee takes the last unit, nor what is frozen', async () => {
  expect(await of(account(10n))).toMatchObject({ spendable: 10n, payable: 9n, exists: true });
  expect(await of(account(10n, 0n, 4n))).toMatchObject({ spendable: 6n, payable: 6n });
  // What is on hold counts towards what is frozen.
  expect(await of(account(10n, 4n, 4n))).toMatchObject({ spendable: 10n, payable: 9n });
  expect(await of(account(3n, 0n, 4n))).toMatchObject({ spendable: 0n, payable: 0n });
});

test('an account exists as the chain counts: by money, also on hold, or because something stands for it', async () => {
  expect((await of(account(1n))).exists).toBe(true);
  expect((await of(account(0n, 5n))).exists).toBe(true);
  expect((await of(account(0n, 0n, 0n, 0, 1))).exists).toBe(true);
  expect((await of(account(0n, 0n, 0n, 0))).exists).toBe(false);
  expect(await of(undefined)).toMatchObject({ free: 0n, payable: 0n, exists: false });
});

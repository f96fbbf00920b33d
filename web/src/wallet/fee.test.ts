import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bearerOf, blockerOf, blocksUntil, percentLeft } from './fee';

const genesis = `0x${'cd'.repeat(32)}`;
const account = {
  address: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
  name: 'Alice',
  source: { type: 'keystore' },
  kind: 'sr25519',
  genesis: undefined,
} as const;
const payer = (left: bigint, max = 10_000n, recovery = 10n) => ({
  company: 2,
  name: 'Xinghe Ride',
  left,
  max,
  recovery,
});
const money = (free: bigint) => ({
  free,
  reserved: 0n,
  frozen: 0n,
  spendable: free,
  payable: free > 1n ? free - 1n : 0n,
  exists: free > 0n,
});
const draft = (fee: bigint, free: bigint, of?: ReturnType<typeof payer>) => ({
  account,
  genesis,
  fee,
  payer: of,
  balance: money(free),
});

describe('who bears a fee', () => {
  it('is the allowance as long as it has room, as the chain has it: for all of the fee or nothing of it', () => {
    expect(bearerOf(draft(900n, 0n, payer(900n)))).toBe('allowance');
    expect(bearerOf(draft(900n, 0n, payer(899n)))).toBe('account');
    expect(bearerOf(draft(900n, 0n))).toBe('account');
    expect(bearerOf(draft(0n, 0n, payer(900n)))).toBe('none');
  });
});

describe('what keeps a draft from being signed', () => {
  it('is nothing for somebody without money whose company bears it', () => {
    expect(blockerOf(draft(900n, 1n, payer(900n)))).toBeUndefined();
  });

  it('is that the chain does not know the account, whoever pays', () => {
    expect(blockerOf(draft(900n, 0n, payer(900n)))).toBe('absent');
    expect(blockerOf(draft(0n, 0n))).toBe('absent');
    expect(blockerOf(draft(0n, 1n))).toBeUndefined();
  });

  it('is too little money, where no allowance has room or ever will', () => {
    expect(blockerOf(draft(900n, 900n))).toBe('poor');
    expect(blockerOf(draft(900n, 901n))).toBeUndefined();
    expect(blockerOf(draft(900n, 0n))).toBe('poor');
    expect(blockerOf(draft(900n, 0n, payer(0n)))).toBe('poor');
    expect(blockerOf(draft(900n, 5n, payer(0n, 0n)))).toBe('poor');
    expect(blockerOf(draft(900n, 5n, payer(0n, 10_000n, 0n)))).toBe('poor');
  });

  it('is an allowance that is used up, but for who has the money', () => {
    expect(blockerOf(draft(900n, 5n, payer(899n)))).toBe('usedUp');
    expect(blockerOf(draft(900n, 901n, payer(899n)))).toBeUndefined();
  });

  it('is another network before anything else', () => {
    const bound = { ...draft(900n, 0n), account: { ...account, genesis: '0x00' } };
    expect(blockerOf(bound)).toBe('otherNetwork');
  });
});

it('an allowance has room after so many blocks, and not one earlier', () => {
  const amount = fc.bigInt(0n, 10n ** 20n);
  fc.assert(
    fc.property(amount, amount, amount, fc.bigInt(1n, 10n ** 18n), (a, b, fee, recovery) => {
      const [left, max] = a < b ? [a, b] : [b, a];
      const blocks = blocksUntil({ left, max, recovery }, fee);
      if (blocks === undefined) {
        expect(fee).toBeGreaterThan(max);
        return;
      }
      if (blocks > Number.MAX_SAFE_INTEGER) return;
      const after = (passed: number) => left + recovery * BigInt(passed);
      expect(after(blocks)).toBeGreaterThanOrEqual(fee);
      if (blocks > 0) expect(after(blocks - 1)).toBeLessThan(fee);
    }),
  );
});

it('says how much is left in whole hundredths, never more than there is', () => {
  expect(percentLeft(payer(8_799n))).toBe(87);
  expect(percentLeft(payer(10_000n))).toBe(100);
  expect(percentLeft(payer(99n))).toBe(0);
  expect(percentLeft(payer(0n, 0n))).toBe(0);
});

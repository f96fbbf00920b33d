import { expect, test } from 'vitest';
import { feeOf } from './fee';

const charged = (actual_fee: unknown) => ({
  pallet: 'TransactionPayment',
  name: 'TransactionFeePaid',
  fields: { who: `0x${'d4'.repeat(32)}`, actual_fee, tip: '0' },
});

test('money paid what the index says', () => {
  expect(feeOf({ fee: '904', events: [charged('904')] })).toEqual({ by: 'money', units: 904n });
});

test('what was charged, and no money paid, an allowance bore', () => {
  expect(feeOf({ fee: '0', events: [charged('904')] })).toEqual({ by: 'allowance', units: 904n });
  expect(feeOf({ fee: '0', events: [charged(904)] })).toEqual({ by: 'allowance', units: 904n });
});

test('what is free nobody bore, and what validators put into blocks themselves', () => {
  expect(feeOf({ fee: '0', events: [charged('0')] })).toEqual({ by: 'nobody' });
  expect(feeOf({ fee: '0', events: [] })).toEqual({ by: 'nobody' });
  expect(feeOf({ fee: '0', events: [charged(null), { ...charged('1'), name: 'Other' }] })).toEqual({
    by: 'nobody',
  });
});

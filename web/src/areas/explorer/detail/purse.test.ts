import { expect, test } from 'vitest';
import { purseOf } from './purse';

const ledger = '0x6d6f646c736c2f72696465730000000000000000000000000000000000000000';
const clearing = '0x6d6f646c736c2f7269646573636c656172696e67020100000000000000000000';

test('the accounts of the settlement pallet are known by what they are for', () => {
  expect(purseOf(ledger)).toEqual({ kind: 'ledger' });
  expect(purseOf(clearing)).toEqual({ kind: 'clearing', company: 258 });
});

test('an account of a person, and one that only begins like a purse, are none', () => {
  expect(purseOf(`0x${'d4'.repeat(32)}`)).toBeUndefined();
  expect(purseOf(`${ledger.slice(0, -2)}07`)).toBeUndefined();
  expect(purseOf(`${clearing.slice(0, -2)}07`)).toBeUndefined();
});

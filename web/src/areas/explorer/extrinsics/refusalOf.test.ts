import { expect, test } from 'vitest';
import { refusalOf } from './refusalOf';

test('an error of a pallet, and those of the dispatcher', () => {
  expect(refusalOf('Vehicles.OtherPrice')).toEqual({
    kind: 'pallet',
    pallet: 'Vehicles',
    name: 'OtherPrice',
  });
  expect(refusalOf('BadOrigin')).toEqual({ kind: 'dispatch', name: 'BadOrigin' });
  expect(refusalOf('Token.FundsUnavailable')).toEqual({ kind: 'dispatch', name: 'Token.FundsUnavailable' });
});

import { expect, test } from 'vitest';
import type { Order, Price } from '../../../api/methods';
import { amountOf, orderStates, orderTone } from './order';
import { orderTexts } from './texts';

const price = (total: string): Price => ({
  total,
  fare: total,
  tolls: '0',
  tolls_fen: 0,
  distance_m: 1,
  duration_s: 1,
  pickup_at_ms: 1,
  surge_permille: 1000,
  tariff_version: 1,
  waiting_s: 0,
});
const order: Order = { id: '1', city: 440300, created_at_ms: 1, revision: '1' };

test('what it came to goes before what was promised, and a fee stands where there was no trip', () => {
  const quote = { cap: '9', valid_until_ms: 1, price: price('7') };
  expect(amountOf(order)).toBeUndefined();
  expect(amountOf({ ...order, quote })).toBe('7');
  expect(amountOf({ ...order, quote, receipt: price('8') })).toBe('8');
  expect(amountOf({ ...order, quote, cancellation: { fee: '0', reason: '' } })).toBe('0');
});

test('every state has words and a colour', () => {
  for (const state of orderStates) {
    expect(orderTexts.en).toHaveProperty(state);
    expect(orderTone(state)).toBeTruthy();
  }
});

import { expect, test } from 'vitest';
import type { Order, OrderState } from '../../../api/methods';
import { canAbandon, foreseen, mayWait, nextStep, type StepCall, waitingSinceMs } from './steps';

const order = (state: OrderState, more: Partial<Order> = {}): Order => ({
  id: '1',
  city: 440300,
  created_at_ms: 0,
  revision: '1',
  state,
  ...more,
});

const params = { order: '1' };

test('each state under way has one step that leads on', () => {
  const ways = (['accepted', 'arriving', 'arrived', 'picked_up', 'in_trip'] as const).map(nextStep);
  expect(ways).toEqual([
    'driver_set_off',
    'driver_arrive',
    'driver_pick_up',
    'driver_start',
    'driver_complete',
  ]);
  for (const state of ['searching', 'offered', 'completed', 'settled', 'cancelled', 'expired'] as const)
    expect(nextStep(state)).toBeNull();
});

test('without a connection a driver goes on to the pick-up, and not further without a checked code', () => {
  const waiting: readonly StepCall[] = [
    { method: 'driver_set_off', params },
    { method: 'driver_arrive', params },
    { method: 'driver_pick_up', params: { ...params, start_code: '1234' } },
  ];
  expect(foreseen(order('accepted'), waiting).state).toBe('arrived');
  expect(waiting.map(({ method }) => mayWait(method))).toEqual([true, true, false]);
});

test('steps of another order, or of another state, change nothing', () => {
  const other: StepCall = { method: 'driver_set_off', params: { order: '2' } };
  const early: StepCall = { method: 'driver_arrive', params };
  const now = order('accepted');
  expect(foreseen(now, [other, early])).toBe(now);
});

test('an order is given back before the rider is in the vehicle, and not after', () => {
  const states = ['accepted', 'arriving', 'arrived', 'picked_up', 'in_trip'] as const;
  expect(states.filter(canAbandon)).toEqual(['accepted', 'arriving', 'arrived']);
});

test('waiting counts from the arrival, for a booked ride not before its time', () => {
  expect(waitingSinceMs(order('arriving'))).toBeNull();
  expect(waitingSinceMs(order('arrived', { arrived_at_ms: 500 }))).toBe(500);
  expect(waitingSinceMs(order('arrived', { arrived_at_ms: 500, pickup_at_ms: 900 }))).toBe(900);
  expect(waitingSinceMs(order('arrived', { arrived_at_ms: 950, pickup_at_ms: 900 }))).toBe(950);
});

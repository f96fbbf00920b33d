import { expect, test } from 'vitest';
import type { Change, Driver, Order } from '../../../api/methods';
import { answered, begun, emptyFeed, offeredOrder, pushed, ridesUnderWay, unsettled } from './feed';

const me = 7;

function order(id: string, state: Order['state'], revision = '1', driver = me): Order {
  return {
    id,
    city: 440300,
    created_at_ms: 0,
    revision,
    ...(state === undefined ? {} : { state }),
    offer: { attempt: 1, driver, eta_s: 60, expires_at_ms: 1_000, forward: false, vehicle: 3 },
  };
}

const driver: Driver = {
  abandoned: 0,
  accepted: 0,
  id: me,
  idle_since_ms: 0,
  offers: 0,
  on_duty: true,
  seat: 2,
  trips: 0,
};

const told = (...orders: readonly Order[]): readonly Change[] => [
  { kind: 'driver', driver },
  ...orders.map((one) => ({ kind: 'order', order: one }) as const),
  { kind: 'caught_up' },
];

test('nothing is shown before the first snapshot is whole', () => {
  const [first, ...rest] = told(order('1', 'accepted'));
  const begin = pushed(emptyFeed, first ?? { kind: 'caught_up' });
  expect([begin.ready, begin.driver]).toEqual([false, null]);
  const whole = rest.reduce(pushed, begin);
  expect([whole.ready, whole.driver?.id, ridesUnderWay(whole).length]).toEqual([true, me, 1]);
});

test('after a lost connection the ride stays on the screen, and goes if it is not there any more', () => {
  const before = told(order('1', 'arriving')).reduce(pushed, emptyFeed);
  const again = pushed(begun(before), { kind: 'driver', driver });
  expect(ridesUnderWay(again).map(({ id }) => id)).toEqual(['1']);
  const after = pushed(again, { kind: 'caught_up' });
  expect(ridesUnderWay(after)).toEqual([]);
});

test('an answer overtakes a push, and an older push is not lost in a newer answer', () => {
  const before = told(order('1', 'accepted', '4')).reduce(pushed, emptyFeed);
  const newer = answered(before, order('1', 'arriving', '5'), me);
  expect(newer.orders.get('1')?.state).toBe('arriving');
  const older = answered(newer, order('1', 'accepted', '4'), me);
  expect(older.orders.get('1')?.state).toBe('arriving');
});

test('revisions are compared as numbers, however long', () => {
  const before = told(order('1', 'arriving', '10')).reduce(pushed, emptyFeed);
  expect(answered(before, order('1', 'accepted', '9'), me).orders.get('1')?.state).toBe('arriving');
});

test('an order that was given back belongs to nobody here', () => {
  const before = told(order('1', 'arriving')).reduce(pushed, emptyFeed);
  const { offer: _, ...without } = order('1', 'searching', '2');
  expect(answered(before, without, me).orders.size).toBe(0);
  expect(pushed(before, { kind: 'gone', order: '1' }).orders.size).toBe(0);
});

test('of two rides the one that is farther comes first', () => {
  const feed = told(order('8', 'accepted'), order('9', 'in_trip')).reduce(pushed, emptyFeed);
  expect(ridesUnderWay(feed).map(({ id }) => id)).toEqual(['9', '8']);
});

test('offers and rides that wait for the chain are told apart', () => {
  const feed = told(order('1', 'offered'), order('2', 'completed')).reduce(pushed, emptyFeed);
  expect([offeredOrder(feed)?.id, unsettled(feed).map(({ id }) => id)]).toEqual(['1', ['2']]);
});

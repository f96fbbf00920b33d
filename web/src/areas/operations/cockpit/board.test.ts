import { expect, test } from 'vitest';
import type { Driver, Order, OrderState } from '../../../api/methods';
import { Board } from './board';

const order = (id: string, state: OrderState, created = 1_000): Order => ({
  id,
  state,
  city: 440_300,
  created_at_ms: created,
  revision: '1',
});

const driver = (id: number, work: Partial<Driver> = {}): Driver => ({
  id,
  on_duty: true,
  seat: id,
  trips: 0,
  offers: 0,
  accepted: 0,
  abandoned: 0,
  idle_since_ms: 0,
  ...work,
});

test('an order goes from the search to its end, and is counted once at each place', () => {
  const board = new Board();
  board.apply({ kind: 'order', order: order('1', 'searching') });
  board.apply({ kind: 'order', order: order('2', 'searching', 500) });
  board.apply({ kind: 'caught_up' });
  expect(board.counts().open.get('searching')).toBe(2);
  expect(board.counts().longestWait).toBe(500);
  board.apply({ kind: 'order', order: order('2', 'in_trip') });
  expect([...board.counts().open]).toEqual([
    ['searching', 1],
    ['in_trip', 1],
  ]);
  board.apply({ kind: 'order', order: order('2', 'completed') });
  board.apply({ kind: 'order', order: order('2', 'settled') });
  expect([...board.counts().ended]).toEqual([['settled', 1]]);
});

test('an order that was over before anybody looked is not one that ended since', () => {
  const board = new Board();
  board.apply({ kind: 'order', order: order('1', 'completed') });
  board.apply({ kind: 'order', order: order('1', 'settled') });
  expect(board.counts().ended.size).toBe(0);
});

test('drivers are idle, asked or busy, and off duty they are gone', () => {
  const board = new Board();
  board.apply({ kind: 'driver', driver: driver(1) });
  board.apply({ kind: 'driver', driver: driver(2, { offered: '7' }) });
  // Who is on a trip and has the next one offered is busy.
  board.apply({ kind: 'driver', driver: driver(3, { order: '8', offered: '9' }) });
  expect(board.counts().supply).toEqual({ idle: 1, asked: 1, busy: 1 });
  board.apply({ kind: 'driver', driver: driver(1, { on_duty: false }) });
  expect(board.counts().supply).toEqual({ idle: 0, asked: 1, busy: 1 });
});

test('after a lost connection nothing of before is left, but what ended stays counted', () => {
  const board = new Board();
  board.apply({ kind: 'order', order: order('1', 'searching') });
  board.apply({ kind: 'order', order: order('1', 'cancelled') });
  board.apply({ kind: 'order', order: order('2', 'searching') });
  board.clear();
  expect(board.counts().open.size).toBe(0);
  expect(board.counts().isWhole).toBe(false);
  expect([...board.counts().ended]).toEqual([['cancelled', 1]]);
});

import { expect, test } from 'vitest';
import type { Order, OrderState } from '../../../api/methods';
import { nextShown, type ShownOffer, shareLeft } from './offer';

function order(state: OrderState, attempt = 1): Order {
  return {
    id: '1',
    city: 440300,
    created_at_ms: 0,
    revision: '1',
    state,
    offer: { attempt, driver: 7, eta_s: 60, expires_at_ms: 15_000, forward: false, vehicle: 3 },
  };
}

const offered = order('offered');
const shown: ShownOffer = { order: offered, seenMs: 1_000, end: null };

test('an offer is shown once, from when it came', () => {
  const first = nextShown(null, offered, undefined, false, 1_000);
  expect(first).toEqual(shown);
  expect(nextShown(first, offered, offered, false, 2_000)).toBe(first);
});

test('one that came too late is not shown at all', () => {
  expect(nextShown(null, offered, undefined, false, 15_000)).toBeNull();
});

test('its time runs out: it is said, also before the service says it', () => {
  expect(nextShown(shown, offered, offered, false, 15_000)?.end).toBe('lapsed');
  expect(nextShown(shown, null, undefined, false, 15_100)?.end).toBe('lapsed');
  expect(nextShown(shown, null, undefined, false, 14_800)?.end).toBe('lapsed');
});

test('it is taken back: it is said', () => {
  expect(nextShown(shown, null, undefined, false, 5_000)?.end).toBe('gone');
  expect(nextShown(shown, null, order('cancelled'), false, 5_000)?.end).toBe('cancelled');
});

test('who accepted or declined needs nobody to say that it is over', () => {
  expect(nextShown(shown, null, order('accepted'), false, 5_000)).toBeNull();
  expect(nextShown(shown, null, undefined, true, 5_000)).toBeNull();
});

test('another offer takes the place of one that is over, also of the same order', () => {
  const over: ShownOffer = { ...shown, end: 'lapsed' };
  const again = order('offered', 2);
  expect(nextShown(over, again, again, false, 6_000)).toEqual({ order: again, seenMs: 6_000, end: null });
  expect(nextShown(over, null, undefined, false, 6_000)).toBe(over);
});

test('the ring is whole at first, half at half time, and gone at the end', () => {
  expect([1_000, 8_000, 15_000, 20_000].map((now) => shareLeft(shown, now))).toEqual([1, 0.5, 0, 0]);
});

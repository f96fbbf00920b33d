// The life of an order, as the pages of operations show it.
import type { OrderState } from '../../../api/methods';

/** All states, in the order in which an order goes through them. */
export const orderStates: readonly OrderState[] = [
  'quoted',
  'booked',
  'searching',
  'offered',
  'accepted',
  'arriving',
  'arrived',
  'picked_up',
  'in_trip',
  'completed',
  'settled',
  'cancelled',
  'expired',
];

/** Whether nothing follows but ratings and the settlement. */
export function isOver(state: OrderState | undefined): boolean {
  return state === 'completed' || state === 'settled' || state === 'cancelled' || state === 'expired';
}

/** Whether the company can still end it (docs/orders.md: from everywhere before the end of the trip). */
export function isCancellable(state: OrderState | undefined): boolean {
  return state !== undefined && !isOver(state);
}

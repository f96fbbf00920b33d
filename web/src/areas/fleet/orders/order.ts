import type { Order, OrderState } from '../../../api/methods';
import type { Tone } from '../../../ui/StateTag';

/** All states, in the order of an order's life (docs/orders.md). */
export const orderStates = [
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
] as const satisfies readonly OrderState[];

export function orderTone(state: OrderState | undefined): Tone {
  if (state === 'settled' || state === 'completed') return 'good';
  if (state === 'searching' || state === 'offered') return 'warn';
  if (state === 'cancelled' || state === 'expired') return 'plain';
  return state === undefined || state === 'quoted' ? 'plain' : 'busy';
}

/** What an order comes to, as far as it is known: what it came to, else the fee, else what was promised. */
export function amountOf({ receipt, cancellation, quote }: Order): string | undefined {
  return receipt?.total ?? cancellation?.fee ?? quote?.price?.total;
}

import type { Order, OrderState } from '../../../api/methods';
import type { Tone } from '../../../ui/StateTag';

export function toneOf(state: OrderState | undefined): Tone {
  switch (state) {
    case 'settled':
      return 'good';
    case 'cancelled':
    case 'expired':
      return 'plain';
    case 'offered':
      return 'warn';
    default:
      return 'busy';
  }
}

/** What the order brings, as it is known: the fee of a cancellation, the final price, or the quoted one. Micro CNY. */
export function priceOf(order: Order): string | null {
  if (order.cancellation !== undefined) return order.cancellation.fee === '0' ? null : order.cancellation.fee;
  return order.receipt?.total ?? order.quote?.price?.total ?? null;
}

/** Whether the chain settles, or settled, something for it. */
export function isCharged(order: Order): boolean {
  return order.receipt !== undefined || (order.cancellation !== undefined && order.cancellation.fee !== '0');
}

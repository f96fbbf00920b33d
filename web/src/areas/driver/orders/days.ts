// Orders by the day of the local clock.
import type { Order } from '../../../api/methods';
import { formatDate } from '../../../format/times';

export interface DayOfOrders {
  /** `2026-11-30`. */
  readonly day: string;
  readonly orders: readonly Order[];
}

/** The time by which an order is listed: when it was asked for. */
export function listedMs(order: Order): number {
  return order.created_at_ms;
}

/** In the order in which they come. */
export function byDay(orders: readonly Order[]): readonly DayOfOrders[] {
  const days = new Map<string, Order[]>();
  for (const order of orders) {
    const day = formatDate(listedMs(order));
    days.set(day, [...(days.get(day) ?? []), order]);
  }
  return [...days].map(([day, of]) => ({ day, orders: of }));
}

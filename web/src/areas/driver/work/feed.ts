// What the service tells a driver, put together: the driver, and the orders that are hers.
import type { Change, Driver, Order, OrderState } from '../../../api/methods';

interface Known {
  readonly driver: Driver | null;
  readonly orders: ReadonlyMap<string, Order>;
}

export interface Feed extends Known {
  /** Whether what is shown is all there is. False until the first snapshot is whole. */
  readonly ready: boolean;
  /** The snapshot that is coming. What was known before is shown until it is whole. */
  readonly coming: Known | null;
}

const none: Known = { driver: null, orders: new Map() };

export const emptyFeed: Feed = { ...none, ready: false, coming: none };

/** The subscription begins anew. */
export function begun(feed: Feed): Feed {
  return { ...feed, coming: none };
}

/** Something was pushed. */
export function pushed(feed: Feed, change: Change): Feed {
  if (change.kind === 'caught_up') {
    return { ...(feed.coming ?? feed), ready: true, coming: null };
  }
  if (feed.coming !== null) return { ...feed, coming: learned(feed.coming, change) };
  return { ...feed, ...learned(feed, change) };
}

/** A command was answered with the order as it is now, which may overtake what is pushed, or come after it. */
export function answered(feed: Feed, order: Order, driver: number): Feed {
  const known = feed.orders.get(order.id);
  if (known !== undefined && BigInt(known.revision) > BigInt(order.revision)) return feed;
  const change: Change = isOf(order, driver) ? { kind: 'order', order } : { kind: 'gone', order: order.id };
  return {
    ...feed,
    ...learned(feed, change),
    coming: feed.coming === null ? null : learned(feed.coming, change),
  };
}

function learned(known: Known, change: Exclude<Change, { kind: 'caught_up' }>): Known {
  if (change.kind === 'driver') return { driver: change.driver, orders: known.orders };
  const orders = new Map(known.orders);
  if (change.kind === 'order') orders.set(change.order.id, change.order);
  else orders.delete(change.order);
  return { driver: known.driver, orders };
}

/** Whether the order is offered to the driver, or hers. */
export function isOf(order: Order, driver: number): boolean {
  return order.offer?.driver === driver;
}

/** From acceptance to the end of the trip, in their order. */
const underWay: readonly OrderState[] = ['accepted', 'arriving', 'arrived', 'picked_up', 'in_trip'];

export function isUnderWay(state: OrderState | undefined): boolean {
  return state !== undefined && underWay.includes(state);
}

/** The rides that are under way: the one that is driven, then the one after it. */
export function ridesUnderWay(feed: Known): readonly Order[] {
  const far = (order: Order) => underWay.indexOf(order.state ?? 'accepted');
  const accepted = (order: Order) => BigInt(order.id);
  return [...feed.orders.values()]
    .filter((order) => isUnderWay(order.state))
    .sort((a, b) => far(b) - far(a) || (accepted(a) < accepted(b) ? -1 : 1));
}

/** The order that is offered now, if there is one. */
export function offeredOrder(feed: Known): Order | null {
  return [...feed.orders.values()].find((order) => order.state === 'offered') ?? null;
}

/** Rides that ended and that the chain has not settled yet. */
export function unsettled(feed: Known): readonly Order[] {
  return [...feed.orders.values()].filter((order) => order.state === 'completed');
}

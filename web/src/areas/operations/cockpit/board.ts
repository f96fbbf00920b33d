// What is under way now, from what `ops_subscribe` pushes: every open order and every driver on duty, then each change.
import type { Change, Driver, Order, OrderState } from '../../../api/methods';
import { isOver } from '../orders/states';

/** What drivers do now. */
export interface Supply {
  readonly idle: number;
  /** An order is offered to them. */
  readonly asked: number;
  readonly busy: number;
}

export interface BoardCounts {
  /** Whether everything that is open was pushed already. */
  readonly isWhole: boolean;
  readonly open: ReadonlyMap<OrderState, number>;
  readonly supply: Supply;
  /** Orders that ended since it was followed, by their last state. */
  readonly ended: ReadonlyMap<OrderState, number>;
  /** When the order that waits longest for a driver was made, in milliseconds of the Unix epoch. */
  readonly longestWait: number | undefined;
}

export class Board {
  private readonly orders = new Map<string, Order>();
  private readonly drivers = new Map<number, Driver>();
  private readonly endedOrders = new Map<string, OrderState>();
  private isWhole = false;

  /** Begins anew, as after a lost connection: all that is open comes again. */
  clear(): void {
    this.orders.clear();
    this.drivers.clear();
    this.isWhole = false;
  }

  apply(change: Change): void {
    switch (change.kind) {
      case 'order':
        this.put(change.order);
        break;
      case 'driver':
        if (change.driver.on_duty) this.drivers.set(change.driver.id, change.driver);
        else this.drivers.delete(change.driver.id);
        break;
      case 'gone':
        this.orders.delete(change.order);
        break;
      case 'caught_up':
        this.isWhole = true;
    }
  }

  private put(order: Order): void {
    // A completed order is open until the chain has settled it, and nobody drives for it any more.
    if (!isOver(order.state)) {
      this.orders.set(order.id, order);
      return;
    }
    const wasOpen = this.orders.delete(order.id) || this.endedOrders.has(order.id);
    if (wasOpen && order.state !== undefined) this.remember(order.id, order.state);
  }

  private remember(id: string, state: OrderState): void {
    this.endedOrders.set(id, state);
    if (this.endedOrders.size <= mostEnded) return;
    const [oldest] = this.endedOrders.keys();
    if (oldest !== undefined) this.endedOrders.delete(oldest);
  }

  counts(): BoardCounts {
    const waiting = [...this.orders.values()].filter(({ state }) => state === 'searching');
    return {
      isWhole: this.isWhole,
      open: counted([...this.orders.values()].map(({ state }) => state)),
      supply: supplyOf([...this.drivers.values()]),
      ended: counted([...this.endedOrders.values()]),
      longestWait:
        waiting.length === 0 ? undefined : Math.min(...waiting.map(({ created_at_ms }) => created_at_ms)),
    };
  }
}

/** Orders that ended are remembered so far back. */
const mostEnded = 20_000;

function counted(states: ReadonlyArray<OrderState | undefined>): ReadonlyMap<OrderState, number> {
  const counts = new Map<OrderState, number>();
  for (const state of states) {
    if (state !== undefined) counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  return counts;
}

function supplyOf(drivers: readonly Driver[]): Supply {
  const busy = drivers.filter(({ order }) => order !== undefined).length;
  const asked = drivers.filter(({ order, offered }) => order === undefined && offered !== undefined).length;
  return { idle: drivers.length - busy - asked, asked, busy };
}

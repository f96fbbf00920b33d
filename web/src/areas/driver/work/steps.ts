// What a driver does with an order, and when.
import type { CommandParams } from '../../../api/hooks';
import type { Order, OrderState } from '../../../api/methods';

export const stepMethods = [
  'driver_accept',
  'driver_decline',
  'driver_set_off',
  'driver_arrive',
  'driver_pick_up',
  'driver_start',
  'driver_complete',
  'driver_abandon',
  'driver_no_show',
  'driver_rate',
] as const;

export type StepMethod = (typeof stepMethods)[number];

/** A step with what it needs, besides its key. */
export type StepCall = {
  [M in StepMethod]: { readonly method: M; readonly params: CommandParams<M> };
}[StepMethod];

/** The step that leads on, by the state of the order. */
export function nextStep(state: OrderState | undefined): StepMethod | null {
  switch (state) {
    case 'accepted':
      return 'driver_set_off';
    case 'arriving':
      return 'driver_arrive';
    case 'arrived':
      return 'driver_pick_up';
    case 'picked_up':
      return 'driver_start';
    case 'in_trip':
      return 'driver_complete';
    default:
      return null;
  }
}

/** Whether the order can be given back. */
export function canAbandon(state: OrderState | undefined): boolean {
  return state === 'accepted' || state === 'arriving' || state === 'arrived';
}

/** The state after a step that may wait for the connection: the driver goes on, and the service hears of it later. */
const after: Partial<Readonly<Record<StepMethod, OrderState>>> = {
  driver_set_off: 'arriving',
  driver_arrive: 'arrived',
  driver_start: 'in_trip',
};

/**
 * Whether the driver can go on before the service has answered. A start code has to be checked before anybody is driven;
 * who gives an order back or ends it has to know that it is over.
 */
export function mayWait(method: StepMethod): boolean {
  return after[method] !== undefined || method === 'driver_complete' || method === 'driver_rate';
}

/** The order as it will be when the steps that wait were taken. */
export function foreseen(order: Order, waiting: readonly StepCall[]): Order {
  let state = order.state;
  for (const { method, params } of waiting) {
    if (params.order !== order.id || nextStep(state) !== method) continue;
    state = after[method] ?? state;
  }
  return state === undefined || state === order.state ? order : { ...order, state };
}

/** From when on the waiting is paid: a booked ride's not before its time. */
export function waitingSinceMs(order: Order): number | null {
  if (order.arrived_at_ms === undefined) return null;
  return Math.max(order.arrived_at_ms, order.pickup_at_ms ?? 0);
}

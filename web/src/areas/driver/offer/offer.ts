// One offer, from the moment that it is shown to its end.
import type { Order } from '../../../api/methods';
import { isUnderWay } from '../work/feed';

export type OfferEnd =
  /** Its time was over. */
  | 'lapsed'
  /** The rider, or the company, ended the order. */
  | 'cancelled'
  /** It was taken back before its time was over. */
  | 'gone';

export interface ShownOffer {
  readonly order: Order;
  /** When it was seen first, by the service's clock. */
  readonly seenMs: number;
  /** How it ended without the driver; null: it stands. */
  readonly end: OfferEnd | null;
}

/** Names an offer: an order may be offered again. */
export function nameOf(order: Order): string {
  return `${order.id}-${order.offer?.attempt}`;
}

export function expiresMs(order: Order): number {
  return order.offer?.expires_at_ms ?? 0;
}

/** The service may say that the time is over before the screen has come so far: it draws four times a second. */
const closeMs = 1_500;

/**
 * What is shown now.
 * @param offered the order that is offered now
 * @param now the shown order, as it is now
 * @param declined whether the driver said no to what is shown
 */
export function nextShown(
  shown: ShownOffer | null,
  offered: Order | null,
  now: Order | undefined,
  declined: boolean,
  nowMs: number,
): ShownOffer | null {
  if (offered !== null && (shown === null || nameOf(shown.order) !== nameOf(offered))) {
    return expiresMs(offered) > nowMs ? { order: offered, seenMs: nowMs, end: null } : shown;
  }
  if (shown === null || shown.end !== null) return shown;
  if (declined || isUnderWay(now?.state)) return null;
  const over = expiresMs(shown.order) <= nowMs;
  if (offered !== null) return over ? { ...shown, end: 'lapsed' } : shown;
  if (now?.state === 'cancelled') return { ...shown, end: 'cancelled' };
  return { ...shown, end: expiresMs(shown.order) - closeMs <= nowMs ? 'lapsed' : 'gone' };
}

/** How much of its time is left, from 1 to 0. */
export function shareLeft(shown: ShownOffer, nowMs: number): number {
  const whole = expiresMs(shown.order) - shown.seenMs;
  return whole <= 0 ? 0 : Math.min(1, Math.max(0, (expiresMs(shown.order) - nowMs) / whole));
}

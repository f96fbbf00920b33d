import { useEffect, useState } from 'react';
import { serverNow } from '../../../api/clock';
import { useNow } from '../../../ui/useNow';
import { useWork } from '../work/context';
import { offeredOrder } from '../work/feed';
import { nameOf, nextShown, type ShownOffer } from './offer';
import { callDriver } from './signal';

/** The driver is called again so often, until there is an answer. */
const callAgainMs = 3_000;

/** The offer that is shown, and how to put away one that is over. */
export function useOffer(): { readonly shown: ShownOffer | null; readonly dismiss: () => void } {
  const { feed, waiting } = useWork();
  const [shown, setShown] = useState<ShownOffer | null>(null);
  const offered = offeredOrder(feed);
  // Looked at again and again while there is an offer, and hardly ever without: it costs battery.
  useNow(shown !== null || offered !== null ? 250 : 60_000);
  const nowMs = serverNow();
  const isDeclined = (order: string) =>
    waiting.some((step) => step.method === 'driver_decline' && step.params.order === order);
  // Who declined is not asked again, whichever comes first: the answer, or the push that the offer is gone.
  const [left, setLeft] = useState<string | null>(null);
  const name = offered === null ? null : nameOf(offered);
  if (offered !== null && name !== left && isDeclined(offered.id)) setLeft(name);
  const asked = name === left ? null : offered;
  const declined = shown !== null && (isDeclined(shown.order.id) || nameOf(shown.order) === left);
  const now = shown === null ? undefined : feed.orders.get(shown.order.id);
  const next = nextShown(shown, asked, now, declined, nowMs);
  useEffect(() => {
    if (next !== shown) setShown(next);
  }, [next, shown]);

  const answered = waiting.some(({ params }) => params.order === shown?.order.id);
  const calls = shown !== null && shown.end === null && !answered;
  const called = shown === null ? '' : nameOf(shown.order);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another offer calls anew.
  useEffect(() => {
    if (!calls) return;
    callDriver();
    const timer = window.setInterval(callDriver, callAgainMs);
    return () => window.clearInterval(timer);
  }, [calls, called]);
  return { shown, dismiss: () => setShown(null) };
}

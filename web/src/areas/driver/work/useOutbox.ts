import { useEffect, useEffectEvent, useState, useSyncExternalStore } from 'react';
import { call } from '../../../api/call';
import { useLive } from '../../../api/hooks';
import type { Answer, Params } from '../../../api/http';
import type { Order } from '../../../api/methods';
import { type Held, Outbox, type Step } from './outbox';
import type { StepMethod } from './steps';

function send<M extends StepMethod>(step: Extract<Step, { method: M }>): Promise<Answer<StepMethod>> {
  // Whatever the step, its parameters are those that were given and the key.
  const params = { ...step.params, idempotency_key: step.key } as Params<StepMethod>;
  return call<StepMethod>(step.method, params);
}

/** The outbox of an account, and what waits in it. */
export function useOutbox(
  account: string,
  on: {
    readonly granted: (step: Step, order: Order) => void;
    readonly refused: (step: Step, error: unknown) => void;
  },
): { readonly outbox: Outbox; readonly waiting: readonly Step[]; readonly held: Held | null } {
  const granted = useEffectEvent(on.granted);
  const refused = useEffectEvent(on.refused);
  const [ends] = useState(() => ({
    granted: (_step: Step, _order: Order) => {},
    refused: (_step: Step, _error: unknown) => {},
  }));
  const [outbox] = useState(
    () =>
      new Outbox(account, {
        storage: window.localStorage,
        send,
        after: (ms, task) => {
          const timer = window.setTimeout(task, ms);
          return () => window.clearTimeout(timer);
        },
        granted: (step, order) => ends.granted(step, order),
        refused: (step, error) => ends.refused(step, error),
      }),
  );
  useEffect(() => {
    ends.granted = (step, order) => granted(step, order);
    ends.refused = (step, error) => refused(step, error);
    outbox.open();
    const online = () => outbox.retry();
    window.addEventListener('online', online);
    return () => {
      window.removeEventListener('online', online);
      outbox.close();
    };
  }, [outbox, ends]);
  // A connection that came back carries what waits.
  const open = useLive() === 'open';
  useEffect(() => {
    if (open) outbox.retry();
  }, [open, outbox]);
  const waiting = useSyncExternalStore(
    (changed) => outbox.follow(changed),
    () => outbox.steps(),
  );
  return { outbox, waiting, held: waiting.length === 0 ? null : outbox.held() };
}

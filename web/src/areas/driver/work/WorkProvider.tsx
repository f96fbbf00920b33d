import { App } from 'antd';
import { type ReactNode, useState } from 'react';
import { newKey } from '../../../api/call';
import { serverNow } from '../../../api/clock';
import { explain } from '../../../api/explain';
import type { Order } from '../../../api/methods';
import { useTexts } from '../../../i18n/useTexts';
import { useSettings } from '../me/settings';
import { forgetWay } from '../position/odometer';
import { useOdometer } from '../position/useOdometer';
import { useTracker } from '../position/useTracker';
import { texts } from '../texts';
import { WorkContext } from './context';
import { ridesUnderWay } from './feed';
import { mostSteps, type Step } from './outbox';
import { foreseen, type StepCall } from './steps';
import { useFeed } from './useFeed';
import { useOutbox } from './useOutbox';
import { useWakeLock } from './useWakeLock';

/** The driver at work, whatever page is open: offers come, positions go, steps are sent. */
export function WorkProvider(props: { driver: number; account: string; children: ReactNode }) {
  const t = useTexts(texts);
  const { driver, account, children } = props;
  const { notification } = App.useApp();
  const { feed, failure, answer } = useFeed(driver);
  const [ended, setEnded] = useState<Order | null>(null);

  const granted = (step: Step, order: Order) => {
    answer(order);
    if (step.method === 'driver_complete') {
      forgetWay(window.localStorage, order.id);
      setEnded(order);
    }
    if (step.method === 'driver_rate') setEnded((old) => (old?.id === order.id ? order : old));
  };
  const refused = (step: Step, error: unknown) => {
    const { title, remedy } = explain(error);
    notification.error({
      title: t('stepRefused', { step: t(step.method), what: title }),
      description: remedy,
      duration: 10,
    });
  };
  const { outbox, waiting, held } = useOutbox(account, { granted, refused });

  const take = (call: StepCall) => {
    // A second touch of the same button is the same step.
    if (waiting.some((step) => step.method === call.method && step.params.order === call.params.order))
      return;
    if (!outbox.put({ ...call, key: newKey(), madeMs: serverNow() }))
      notification.error({
        title: t('tooManySteps'),
        description: t('tooManyStepsDo', { count: mostSteps }),
      });
  };

  const [ride = null, next = null] = ridesUnderWay(feed).map((order) => foreseen(order, waiting));
  const onDuty = feed.driver?.on_duty === true;
  const { tracker, tracking } = useTracker(driver, onDuty || ride !== null);
  const inVehicle = ride?.state === 'picked_up' || ride?.state === 'in_trip';
  const way = useOdometer(inVehicle ? ride.id : null, tracking.fix);
  const { awake } = useSettings();
  useWakeLock(onDuty && awake);

  return (
    <WorkContext
      value={{
        driver,
        feed,
        failure,
        tracker,
        tracking,
        waiting,
        held,
        take,
        retry: () => outbox.retry(),
        ride,
        next,
        way,
        ended,
        dismissEnded: () => setEnded(null),
      }}
    >
      {children}
    </WorkContext>
  );
}

import { useEffect, useState, useSyncExternalStore } from 'react';
import { call } from '../../../api/call';
import { serverNow } from '../../../api/clock';
import { keepPlace } from './lastPlace';
import { Tracker, type Tracking } from './tracker';

/** Browsers that cannot tell would ask. */
async function allowed(): Promise<boolean> {
  try {
    return (await navigator.permissions.query({ name: 'geolocation' })).state === 'granted';
  } catch {
    return false;
  }
}

/** The phone's position, watched and reported while `on`. */
export function useTracker(
  driver: number,
  on: boolean,
): { readonly tracker: Tracker; readonly tracking: Tracking } {
  const [tracker] = useState(
    () =>
      new Tracker({
        geolocation: window.isSecureContext ? navigator.geolocation : undefined,
        allowed,
        report: (positions) => call('driver_report', { positions }),
        aheadMs: () => serverNow() - Date.now(),
        now: serverNow,
        every: (ms, task) => {
          const timer = window.setInterval(task, ms);
          return () => window.clearInterval(timer);
        },
        onFix: (fix) => keepPlace(window.localStorage, driver, fix),
      }),
  );
  useEffect(() => {
    if (!on) return;
    tracker.start();
    return () => tracker.stop();
  }, [tracker, on]);
  const tracking = useSyncExternalStore(
    (changed) => tracker.follow(changed),
    () => tracker.now(),
  );
  return { tracker, tracking };
}

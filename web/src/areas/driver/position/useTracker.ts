import { useEffect, useState, useSyncExternalStore } from 'react';
import { call } from '../../../api/call';
import { serverNow } from '../../../api/clock';
import { Tracker, type Tracking } from './tracker';

/** The phone's position, watched and reported while `on`. */
export function useTracker(on: boolean): { readonly tracker: Tracker; readonly tracking: Tracking } {
  const [tracker] = useState(
    () =>
      new Tracker({
        geolocation: window.isSecureContext ? navigator.geolocation : undefined,
        report: (positions) => call('driver_report', { positions }),
        aheadMs: () => serverNow() - Date.now(),
        now: serverNow,
        every: (ms, task) => {
          const timer = window.setInterval(task, ms);
          return () => window.clearInterval(timer);
        },
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

import { useEffect, useState } from 'react';
import { useCall, useFollow, useMay } from '../../../api/hooks';
import type { Datum } from '../../../map';
import { LiveFleet } from './liveFleet';

/** How often lists and cards look at what came, in ms. The map looks by itself. */
const lookMs = 500;
/** How many open alerts are asked for when a page opens; those after it are pushed. */
const mostAlerts = 500;

/**
 * The company's vehicles as they are now. `vehicles` narrows it; everything where it is empty. The component is rendered
 * anew at most twice a second, and only when something changed.
 */
export function useLiveFleet(datum: Datum, vehicles: readonly number[] = []) {
  const [fleet] = useState(() => new LiveFleet());
  const [revision, setRevision] = useState(0);
  const may = useMay('telemetry_subscribe');
  const open = useCall(
    'telemetry_alerts',
    { states: ['open', 'acknowledged'], limit: mostAlerts, datum, vehicles },
    { enabled: may },
  );
  const failure = useFollow('telemetry_subscribe', may ? { datum, vehicles } : null, {
    begin: () => {
      fleet.begin();
      // What happened to alerts meanwhile is not pushed again.
      void open.refetch();
    },
    next: (change) => fleet.take(change),
  });
  useEffect(() => {
    for (const alert of open.data?.alerts ?? []) fleet.putAlert(alert);
  }, [open.data, fleet]);
  useEffect(() => {
    const timer = window.setInterval(() => setRevision(fleet.revision), lookMs);
    return () => window.clearInterval(timer);
  }, [fleet]);
  return { fleet, revision, failure, may };
}

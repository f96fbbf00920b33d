import { useCall } from '../../../api/hooks';
import { useTexts } from '../../../i18n/useTexts';
import { Answered } from '../../../ui/answers';
import { AlertTable } from '../alerts/AlertTable';
import { alertTexts } from '../alerts/alertTexts';
import { type Days, useSpan } from '../list/span';

/** The vehicle's alerts of the last days. */
export function AlertsOf({ vehicle, days }: { vehicle: number; days: Days }) {
  const t = useTexts(alertTexts);
  const { fromMs } = useSpan(days);
  const query = useCall('telemetry_alerts', { from_ms: fromMs, vehicles: [vehicle], limit: 100 });
  return (
    <Answered query={query}>
      {({ alerts }) => <AlertTable alerts={alerts} label={t('title')} isFiltered={false} vehicles={false} />}
    </Answered>
  );
}

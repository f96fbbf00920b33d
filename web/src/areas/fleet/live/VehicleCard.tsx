import { CloseOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import type { VehicleState as Look } from '../../../map';
import { Facts } from '../../../ui/Facts';
import { Icon } from '../../../ui/Icon';
import { StateTag, type Tone } from '../../../ui/StateTag';
import { Ago } from '../../../ui/Time';
import { severityTones, useAlertWords } from '../alerts/alert';
import { usePlates, useRoster } from '../roster/useRoster';
import { texts as words } from '../texts';
import type { LiveFleet } from './liveFleet';
import { useSignalWord } from './signalTexts';
import { texts } from './texts';

export const lookTones: Readonly<Record<Look, Tone>> = {
  moving: 'good',
  idle: 'busy',
  offline: 'plain',
  alert: 'bad',
};

/** What is known of a vehicle now, and where to go from here. */
export function VehicleCard(props: { fleet: LiveFleet; vehicle: number; close: () => void }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const plate = usePlates();
  const { data: roster } = useRoster();
  const { fleet, vehicle } = props;
  const known = roster?.get(vehicle);
  const look = fleet.look(vehicle);
  return (
    <section className="f-panel-head" aria-label={plate(vehicle)}>
      <div className="f-row f-spread">
        <strong>
          {plate(vehicle)} {known?.plate == null ? null : <span className="f-quiet numbers">{vehicle}</span>}
        </strong>
        <span className="f-row">
          <StateTag tone={lookTones[look]} text={t(look)} />
          <Button
            type="text"
            size="small"
            icon={<Icon of={CloseOutlined} />}
            aria-label={t('closeCard')}
            title={t('closeCard')}
            onClick={props.close}
          />
        </span>
      </div>
      <span className="f-quiet">{known?.model}</span>
      <StateFacts fleet={fleet} vehicle={vehicle} />
      <OpenAlerts fleet={fleet} vehicle={vehicle} />
      <div className="f-row">
        <Link to="/fleet/vehicles/$vehicle" params={{ vehicle: String(vehicle) }}>
          {t('page')}
        </Link>
        <Link to="/fleet/track" search={{ vehicle }}>
          {w('track')}
        </Link>
        <Link to="/fleet/alerts" search={{ vehicle }}>
          {t('openAlerts')}
        </Link>
      </div>
    </section>
  );
}

/** What the vehicle told last. */
export function StateFacts({ fleet, vehicle }: { fleet: LiveFleet; vehicle: number }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const f = useFormat();
  const signal = useSignalWord();
  const state = fleet.state(vehicle);
  if (state === undefined) return <p className="f-none">{t('noFix')}</p>;
  const { fix } = state;
  const share = (permille: number | undefined) => (permille === undefined ? null : f.share(permille / 1000));
  const listed = (names: readonly string[]) =>
    names.length === 0 ? null : names.map((name) => signal(name)).join(' · ');
  return (
    <Facts
      facts={[
        [t('speed'), fix === undefined ? t('noFix') : f.speed(fix.speed_kmh)],
        [w('driver'), state.driver === undefined ? w('unknown') : w('driverNumber', { id: state.driver })],
        [t('charge'), share(state.charge_permille)],
        [
          t('fuel'),
          share(state.fuel_permille) ?? (state.fuel_ml === undefined ? null : f.fuel(state.fuel_ml)),
        ],
        [t('odometer'), state.odometer_m === undefined ? null : f.distance(state.odometer_m)],
        [
          t('temperature'),
          state.temperature_c === undefined ? null : `${f.decimal(state.temperature_c, 1)} °C`,
        ],
        [t('on'), listed(state.flags)],
        [t('warns'), listed(state.alarms)],
        [t('heard'), <Ago key="heard" at={state.heard_ms} />],
      ]}
    />
  );
}

function OpenAlerts({ fleet, vehicle }: { fleet: LiveFleet; vehicle: number }) {
  const words = useAlertWords();
  const alerts = fleet.alertsOf(vehicle).slice(0, 3);
  if (alerts.length === 0) return null;
  return (
    <ul className="f-plain">
      {alerts.map((alert) => (
        <li key={alert.id} className="f-row f-spread">
          <Link to="/fleet/alerts" search={{ vehicle, alert: alert.id }}>
            <StateTag
              tone={severityTones[alert.severity ?? 'info'] ?? 'plain'}
              text={words.kind(alert.kind)}
            />
          </Link>
          <span className="f-quiet">
            <Ago at={alert.opened_ms} />
          </span>
        </li>
      ))}
    </ul>
  );
}

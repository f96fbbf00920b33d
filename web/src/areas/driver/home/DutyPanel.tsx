import { App, Button } from 'antd';
import { useState } from 'react';
import { explain } from '../../../api/explain';
import { useCommand } from '../../../api/hooks';
import { useTexts } from '../../../i18n/useTexts';
import { allowSound } from '../offer/signal';
import { texts } from '../texts';
import { useWork } from '../work/context';
import { lastVehicle, rememberVehicle } from './lastVehicle';
import { VehicleLine, VehiclePicker } from './VehiclePicker';

/** Online or offline, with which vehicle. */
export function DutyPanel() {
  const { feed } = useWork();
  return feed.driver?.on_duty === true ? <Online /> : <Offline />;
}

function Offline() {
  const t = useTexts(texts);
  const { notification } = App.useApp();
  const { feed, driver, tracker } = useWork();
  const goOn = useCommand('driver_on_duty');
  const [chosen, setChosen] = useState(() => lastVehicle(driver));
  const [asking, setAsking] = useState(false);
  const known = feed.driver?.vehicle;
  const vehicle = chosen ?? (known === undefined ? null : String(known));

  const begin = async () => {
    if (vehicle === null) return;
    allowSound();
    setAsking(true);
    const trouble = await tracker.ask();
    setAsking(false);
    // Who has no position is offered nothing: the notice says what to do. One that is late comes by itself.
    if (trouble === 'denied' || trouble === 'unsupported') return;
    goOn.mutate(
      { vehicle: Number(vehicle) },
      {
        onSuccess: () => rememberVehicle(driver, vehicle),
        onError: (error) => {
          const { title, remedy } = explain(error);
          notification.error({ title, description: remedy });
        },
      },
    );
  };

  return (
    <section className="d-panel" aria-labelledby="d-duty">
      <h2 id="d-duty" className="d-title">
        {t('offline')}
      </h2>
      <VehiclePicker value={vehicle} disabled={goOn.isPending} choose={setChosen} />
      <Button
        className="d-big"
        type="primary"
        block
        disabled={vehicle === null}
        loading={asking || goOn.isPending}
        onClick={() => void begin()}
      >
        {asking ? t('asking') : t('goOnline')}
      </Button>
      <p className="d-quiet">{t('positionHint')}</p>
    </section>
  );
}

function Online() {
  const t = useTexts(texts);
  const { notification } = App.useApp();
  const { feed, tracking } = useWork();
  const goOff = useCommand('driver_off_duty');
  const end = () =>
    goOff.mutate(
      {},
      {
        onError: (error) => {
          const { title, remedy } = explain(error);
          notification.error({ title, description: remedy });
        },
      },
    );
  const found = tracking.fix !== null && tracking.trouble === null;
  return (
    <section className="d-panel" aria-labelledby="d-duty">
      <div className="d-spread">
        <h2 id="d-duty" className="d-title">
          <span className={found ? 'd-pulse' : 'd-pulse d-pulse-off'} aria-hidden="true" />
          {found ? t('online') : t('onlineNoPosition')}
        </h2>
      </div>
      <p className="d-quiet">{t('onlineHint')}</p>
      {feed.driver?.vehicle === undefined ? null : <VehicleLine vehicle={feed.driver.vehicle} />}
      <Button className="d-big" block loading={goOff.isPending} onClick={end}>
        {t('goOffline')}
      </Button>
    </section>
  );
}

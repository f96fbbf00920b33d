import { Button, Segmented, Switch } from 'antd';
import type { ReactNode } from 'react';
import { useId } from 'react';
import { useCall, useSession } from '../../../api/hooks';
import { useFormat } from '../../../format/useFormat';
import { languageNames, languages, setLanguage } from '../../../i18n/setup';
import { useLanguage, useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { companyPath } from '../../../route/paths';
import { Facts } from '../../../ui/Facts';
import { AccountName, PathLink } from '../../../ui/links';
import { Page } from '../../../ui/Page';
import { vehicleQuery } from '../home/queries';
import { allowSound, callDriver } from '../offer/signal';
import { useWork } from '../work/context';
import { Ratings } from './Ratings';
import { setSettings, useSettings } from './settings';
import { meTexts } from './texts';

/** Who the driver is, how she works, and what this phone does for her. */
export function MePage() {
  const t = useTexts(meTexts);
  return (
    <Page title={t('me')}>
      <Account />
      <Record />
      <Ratings />
      <Phone />
    </Page>
  );
}

function Account() {
  const t = useTexts(meTexts);
  const who = useSession();
  const { feed } = useWork();
  const earnings = useCall('driver_earnings', {});
  const { on_duty = false, vehicle } = feed.driver ?? {};
  const at = on_duty && vehicle !== undefined ? String(vehicle) : null;
  const known = useAsk(vehicleQuery, { id: at ?? '' }, { enabled: at !== null });
  const plate = known.data?.vehicle?.plate ?? at;
  if (who === null) return null;
  return (
    <section className="d-panel" aria-labelledby="d-account">
      <h2 id="d-account" className="d-title">
        {t('account')}
      </h2>
      <Facts
        facts={[
          [t('wallet'), <AccountName key="wallet" account={who.wallet} copy />],
          [t('driver'), who.driver === undefined ? null : String(who.driver)],
          [
            t('company'),
            <PathLink key="company" to={companyPath(who.company)}>
              {String(who.company)}
            </PathLink>,
          ],
          [t('seat'), who.seat === undefined ? null : String(who.seat)],
          [t('vehicle'), plate ?? t('noVehicle')],
          [
            t('payTo'),
            earnings.data === undefined ? null : (
              <AccountName key="pay" account={earnings.data.account} copy />
            ),
          ],
        ]}
      />
    </section>
  );
}

function Record() {
  const t = useTexts(meTexts);
  const f = useFormat();
  const driver = useWork().feed.driver;
  if (driver === null) return <p className="d-quiet">{t('neverOnDuty')}</p>;
  const share = driver.offers === 0 ? null : f.share(driver.accepted / driver.offers);
  return (
    <section className="d-panel" aria-labelledby="d-record">
      <h2 id="d-record" className="d-title">
        {t('record')}
      </h2>
      <Facts
        facts={[
          [
            t('rating'),
            driver.rating_permille === undefined
              ? t('noRating')
              : `${f.decimal(driver.rating_permille / 1000, 2)} · ${t('ratingHint')}`,
          ],
          [t('trips'), f.count(driver.trips)],
          [t('offers'), f.count(driver.offers)],
          [
            t('accepted'),
            share === null
              ? f.count(driver.accepted)
              : t('acceptedShare', { count: f.count(driver.accepted), share }),
          ],
          [t('abandoned'), f.count(driver.abandoned)],
        ]}
      />
    </section>
  );
}

function Phone() {
  const t = useTexts(meTexts);
  const language = useLanguage();
  const { sound, vibration, awake } = useSettings();
  const canShake = 'vibrate' in navigator;
  const canStay = 'wakeLock' in navigator;
  const hear = () => {
    allowSound();
    callDriver();
  };
  return (
    <section className="d-panel" aria-labelledby="d-phone">
      <h2 id="d-phone" className="d-title">
        {t('phone')}
      </h2>
      <Choice
        name={t('sound')}
        hint={t('soundHint')}
        checked={sound}
        onChange={(on) => setSettings({ sound: on })}
        extra={
          <Button size="small" onClick={hear}>
            {t('try')}
          </Button>
        }
      />
      <Choice
        name={t('vibration')}
        hint={canShake ? undefined : t('noVibration')}
        disabled={!canShake}
        checked={canShake && vibration}
        onChange={(on) => setSettings({ vibration: on })}
      />
      <Choice
        name={t('awake')}
        hint={canStay ? undefined : t('noAwake')}
        disabled={!canStay}
        checked={canStay && awake}
        onChange={(on) => setSettings({ awake: on })}
      />
      <div className="d-choice">
        <span>{t('language')}</span>
        <Segmented
          aria-label={t('language')}
          value={language}
          onChange={setLanguage}
          options={languages.map((value) => ({ value, label: languageNames[value] }))}
        />
      </div>
      <p className="d-quiet">{t('install')}</p>
    </section>
  );
}

function Choice(props: {
  name: string;
  hint?: string | undefined;
  checked: boolean;
  disabled?: boolean;
  extra?: ReactNode;
  onChange: (on: boolean) => void;
}) {
  const id = useId();
  return (
    <div className="d-choice">
      <span>
        <span id={id}>{props.name}</span>
        {props.hint === undefined ? null : <small className="d-quiet">{props.hint}</small>}
      </span>
      {props.extra}
      <Switch
        aria-labelledby={id}
        checked={props.checked}
        disabled={props.disabled === true}
        onChange={props.onChange}
      />
    </div>
  );
}

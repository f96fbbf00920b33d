import { Link } from '@tanstack/react-router';
import { App, Button, Drawer } from 'antd';
import { explain } from '../../../api/explain';
import { useCall, useChange, useMay } from '../../../api/hooks';
import type { Alert, Deed } from '../../../api/methods';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { datumOf, MapView, TrackLayer } from '../../../map';
import { portal } from '../../../portal';
import { Answered } from '../../../ui/answers';
import { Facts } from '../../../ui/Facts';
import { StateTag } from '../../../ui/StateTag';
import { Time } from '../../../ui/Time';
import { useNarrow } from '../../../ui/useNarrow';
import { VehicleName } from '../roster/VehicleName';
import { texts as words } from '../texts';
import { isOfFence, severityTones, stateTones, useAlertWords } from './alert';
import { alertTexts } from './alertTexts';

/** One alert: what it says, where it was, who took care of it. */
export function AlertDrawer(props: { alert: string | undefined; close: () => void }) {
  const t = useTexts(alertTexts);
  const isNarrow = useNarrow();
  const datum = datumOf(portal().tiles);
  const query = useCall(
    'telemetry_alert',
    { alert: props.alert ?? '0', datum },
    { enabled: props.alert !== undefined, refetchInterval: 10_000 },
  );
  return (
    <Drawer
      open={props.alert !== undefined}
      title={t('details')}
      size={isNarrow ? '100%' : 520}
      onClose={props.close}
      destroyOnHidden
    >
      <Answered query={query} rows={8}>
        {(alert) => (
          <div className="f-stack">
            <AlertFacts alert={alert} />
            <Deeds alert={alert} />
            <Place alert={alert} />
          </div>
        )}
      </Answered>
    </Drawer>
  );
}

function AlertFacts({ alert }: { alert: Alert }) {
  const t = useTexts(alertTexts);
  const w = useTexts(words);
  const f = useFormat();
  const say = useAlertWords();
  const by = (deed: Deed | undefined) =>
    deed === undefined ? null : t('by', { who: deed.by, at: f.time(deed.at_ms) });
  const { severity, state } = alert;
  return (
    <Facts
      facts={[
        [t('kind'), say.kind(alert.kind)],
        [
          t('severity'),
          severity === undefined ? null : (
            <StateTag key="s" tone={severityTones[severity] ?? 'plain'} text={say.severity(severity)} />
          ),
        ],
        [
          w('state'),
          state === undefined ? null : (
            <StateTag key="t" tone={stateTones[state] ?? 'plain'} text={say.state(state)} />
          ),
        ],
        [w('vehicle'), <VehicleName key="v" id={alert.vehicle} />],
        [w('driver'), alert.driver ?? w('unknown')],
        [t('opened'), <Time key="o" at={alert.opened_ms} />],
        [t('lastSeen'), <Time key="l" at={alert.last_ms} />],
        [t('endedAt'), alert.ended_ms === undefined ? t('lasts') : <Time key="e" at={alert.ended_ms} />],
        [t('value'), say.value(alert, alert.value)],
        [t('mean'), alert.mean === undefined ? null : say.value(alert, alert.mean)],
        [t('threshold'), alert.threshold === 0 ? null : say.value(alert, alert.threshold)],
        [t('count'), alert.count],
        [
          t('geofence'),
          isOfFence(alert.kind) ? (
            <Link key="g" to="/fleet/fences" search={{ fence: alert.key }}>
              {alert.key}
            </Link>
          ) : null,
        ],
        [t('ackBy'), by(alert.acknowledged)],
        [t('closedBy'), alert.closed_ms === undefined ? null : (by(alert.closed) ?? t('bySystem'))],
        [
          t('number'),
          <span key="n" className="code">
            {alert.id}
          </span>,
        ],
      ]}
    />
  );
}

/** What a person may do about it. */
function Deeds({ alert }: { alert: Alert }) {
  const t = useTexts(alertTexts);
  const w = useTexts(words);
  const { message, modal } = App.useApp();
  const may = useMay('telemetry_close');
  const changes = ['telemetry_alerts', 'telemetry_alert'] as const;
  const acknowledge = useChange('telemetry_acknowledge', changes);
  const close = useChange('telemetry_close', changes);
  const told = {
    onSuccess: () => void message.success(t('done')),
    onError: (error: Error) => {
      const { title, remedy } = explain(error);
      void message.error(`${title} ${remedy}`);
    },
  };
  const askClose = () =>
    void modal.confirm({
      title: t('closeAll'),
      content: t('closeWhy'),
      okText: t('close'),
      cancelText: w('cancel'),
      onOk: () => close.mutate({ alert: alert.id }, told),
    });
  return (
    <div className="f-row">
      {may && alert.state === 'open' ? (
        <Button
          type="primary"
          loading={acknowledge.isPending}
          onClick={() => acknowledge.mutate({ alert: alert.id }, told)}
        >
          {t('acknowledge')}
        </Button>
      ) : null}
      {may && alert.state !== 'closed' ? (
        <Button danger loading={close.isPending} onClick={askClose}>
          {t('close')}
        </Button>
      ) : null}
      <Link
        to="/fleet/track"
        search={{
          vehicle: alert.vehicle,
          from: alert.opened_ms - 10 * 60_000,
          until: Math.max(alert.ended_ms ?? alert.last_ms, alert.opened_ms) + 10 * 60_000,
        }}
      >
        {w('track')}
      </Link>
    </div>
  );
}

function Place({ alert }: { alert: Alert }) {
  const t = useTexts(alertTexts);
  const say = useAlertWords();
  const { place } = alert;
  if (place === undefined) return <p className="f-none">{t('noPlace')}</p>;
  const here = [place.longitude, place.latitude] as const;
  const label = say.kind(alert.kind);
  return (
    <div className="f-small-map">
      <MapView label={label} tiles={portal().tiles} initial={{ centre: here, zoom: 14 }} embedded>
        <TrackLayer
          fixes={[]}
          events={[
            { id: alert.id, place: here, timeMs: alert.opened_ms, severity: alert.severity ?? 'info', label },
          ]}
        />
      </MapView>
    </div>
  );
}

import '../fleet.css';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Button, Card, Alert as Notice } from 'antd';
import { useEffect, useState } from 'react';
import { useCall, useFollow, useMay } from '../../../api/hooks';
import { useTexts } from '../../../i18n/useTexts';
import { Answered } from '../../../ui/answers';
import { Choice, Filters } from '../../../ui/Filters';
import { Page } from '../../../ui/Page';
import { CursorPager, ListEnd } from '../list/CursorPager';
import { useSearchChange } from '../list/useSearchChange';
import { VehicleChoice } from '../roster/VehicleChoice';
import { texts as words } from '../texts';
import { AlertDrawer } from './AlertDrawer';
import { AlertTable } from './AlertTable';
import { alertKinds, alertStates, useAlertWords } from './alert';
import { alertTexts } from './alertTexts';

const route = getRouteApi('/fleet/alerts');

/** The company's alerts. */
export function AlertsPage() {
  const t = useTexts(alertTexts);
  const w = useTexts(words);
  const say = useAlertWords();
  const { vehicle, kind, state, cursor, alert } = route.useSearch();
  const change = useSearchChange();
  const query = useCall('telemetry_alerts', {
    ...(vehicle === undefined ? {} : { vehicles: [vehicle] }),
    ...(kind === undefined ? {} : { kinds: [kind] }),
    ...(state === undefined ? {} : { states: [state] }),
    ...(cursor === undefined ? {} : { before: cursor }),
    limit: 50,
  });
  const isFiltered = vehicle !== undefined || kind !== undefined || state !== undefined;
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Fresh />
      <Card size="small">
        <Filters>
          <VehicleChoice value={vehicle} canBeNone choose={(id) => change({ vehicle: id })} />
          <Choice
            label={t('kind')}
            value={kind}
            options={alertKinds.map((value) => ({ value, label: say.kind(value) }))}
            choose={(value) => change({ kind: value })}
          />
          <Choice
            label={w('state')}
            value={state}
            options={alertStates.map((value) => ({ value, label: say.state(value) }))}
            choose={(value) => change({ state: value })}
          />
        </Filters>
        <Answered
          query={query}
          rows={8}
          isEmpty={({ alerts }) => alerts.length === 0 && cursor !== undefined}
          empty={<ListEnd byTime />}
        >
          {({ alerts, next }) => (
            <>
              <AlertTable
                alerts={alerts}
                label={t('title')}
                isFiltered={isFiltered}
                open={(id) => change({ alert: id, cursor })}
              />
              <CursorPager cursor={cursor} next={next} byTime />
            </>
          )}
        </Answered>
      </Card>
      <AlertDrawer alert={alert} close={() => change({ alert: undefined, cursor })} />
    </Page>
  );
}

/** Says that there is something new: a list that moves under the hand helps nobody, so a button shows it. */
function Fresh() {
  const t = useTexts(alertTexts);
  const queries = useQueryClient();
  const may = useMay('telemetry_subscribe');
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const failure = useFollow('telemetry_subscribe', may ? { alerts_only: true } : null, {
    next: (change) => {
      if (change.kind === 'alert') setFresh((known) => new Set(known).add(change.alert.id));
    },
  });
  const show = () => {
    setFresh(new Set());
    void queries.invalidateQueries({ queryKey: ['api', 'telemetry_alerts'] });
  };
  useEffect(() => {
    // One's own deeds are pushed too, and the list has them already.
    return queries.getMutationCache().subscribe(({ mutation }) => {
      if (mutation?.state.status === 'success') setFresh(new Set());
    });
  }, [queries]);
  if (failure !== null) return <Notice type="warning" showIcon title={t('followFails')} />;
  return (
    <div role="status">
      {fresh.size === 0 ? null : (
        <Notice
          type="info"
          showIcon
          title={t('fresh', { count: fresh.size })}
          action={
            <Button size="small" onClick={show}>
              {t('show')}
            </Button>
          }
        />
      )}
    </div>
  );
}

import '../fleet.css';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Alert, Button, Input, Segmented, Switch } from 'antd';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useLive } from '../../../api/hooks';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import {
  boundsOf,
  datumOf,
  FencesLayer,
  type LngLat,
  type MapHandle,
  MapView,
  VehiclesLayer,
} from '../../../map';
import { portal } from '../../../portal';
import { Empty, Failed, Loading } from '../../../ui/answers';
import { Page } from '../../../ui/Page';
import { useFences } from '../fences/useFences';
import { useSearchChange } from '../list/useSearchChange';
import { useRoster } from '../roster/useRoster';
import { texts as words } from '../texts';
import { type LookFilter, listed, looks } from './listed';
import type { LiveFleet } from './liveFleet';
import { texts } from './texts';
import { useLiveFleet } from './useLiveFleet';
import { VehicleCard } from './VehicleCard';
import { VehicleList } from './VehicleList';

const route = getRouteApi('/fleet/live');

/** All vehicles of the company, as they move. */
export function LivePage() {
  const t = useTexts(texts);
  const { tiles } = portal();
  const datum = datumOf(tiles);
  const { fleet, revision, failure } = useLiveFleet(datum);
  const { vehicle } = route.useSearch();
  const change = useSearchChange();
  const connection = useLive();
  const [showFences, setShowFences] = useState(true);
  const fences = useFences(datum);
  const map = useRef<MapHandle>(null);
  useFirstView(fleet, revision, map, vehicle);
  const select = (id: number | null | undefined) => {
    change({ vehicle: id ?? undefined });
    const fix = id == null ? undefined : fleet.state(id)?.fix;
    if (fix !== undefined) map.current?.goTo([fix.longitude, fix.latitude], 14);
  };
  return (
    <Page title={t('title')} extra={<FenceSwitch on={showFences} turn={setShowFences} />}>
      {failure === null ? null : <Failed error={failure} compact />}
      {connection === 'waiting' ? <Alert type="warning" showIcon title={t('reconnecting')} /> : null}
      {fleet.isFull ? <Alert type="info" showIcon title={t('full')} /> : null}
      <div className="f-mapped">
        <div className="f-mapped-map">
          <MapView label={t('mapOf')} tiles={tiles} ref={map} everything={() => boundsOf(placesOf(fleet))}>
            {showFences ? <FencesLayer fences={fences.data ?? []} /> : null}
            <VehiclesLayer
              fleet={fleet.positions}
              selected={vehicle ?? null}
              onSelect={(id) => change({ vehicle: id ?? undefined })}
              card={(id) => <Pointed fleet={fleet} vehicle={id} />}
            />
          </MapView>
        </div>
        <div className="f-panel">
          {vehicle === undefined ? null : (
            <VehicleCard fleet={fleet} vehicle={vehicle} close={() => select(undefined)} />
          )}
          <Listed fleet={fleet} revision={revision} selected={vehicle} select={select} />
        </div>
      </div>
    </Page>
  );
}

function FenceSwitch(props: { on: boolean; turn: (on: boolean) => void }) {
  const t = useTexts(texts);
  return (
    <span className="f-row">
      <span id="fences-switch">{t('fences')}</span>
      <Switch aria-labelledby="fences-switch" checked={props.on} onChange={props.turn} />
    </span>
  );
}

/** Shows all vehicles once the first picture is complete; the chosen one, where the address names one. */
function useFirstView(
  fleet: LiveFleet,
  revision: number,
  map: React.RefObject<MapHandle | null>,
  vehicle: number | undefined,
): void {
  const isDone = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each look at the fleet may be the one that completes it.
  useEffect(() => {
    if (isDone.current || !fleet.isComplete || map.current === null) return;
    const fix = vehicle === undefined ? undefined : fleet.state(vehicle)?.fix;
    const bounds = boundsOf(placesOf(fleet));
    if (fix !== undefined) map.current.goTo([fix.longitude, fix.latitude], 14);
    else if (bounds !== null) map.current.fit(bounds);
    else return;
    isDone.current = true;
  }, [fleet, revision]);
}

function placesOf(fleet: LiveFleet): LngLat[] {
  return [...fleet.vehicles()].flatMap(({ fix }) =>
    fix === undefined ? [] : [[fix.longitude, fix.latitude] as const],
  );
}

/** What is said beside the vehicle that is pointed at. */
function Pointed({ fleet, vehicle }: { fleet: LiveFleet; vehicle: number }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const f = useFormat();
  const { data } = useRoster();
  const fix = fleet.state(vehicle)?.fix;
  return (
    <>
      <strong>{data?.get(vehicle)?.plate ?? w('vehicleNumber', { id: vehicle })}</strong>
      <br />
      {t(fleet.look(vehicle))}
      {fix === undefined ? '' : ` · ${f.speed(fix.speed_kmh)}`}
    </>
  );
}

/** The list beside the map: those that fit the search and the state. */
function Listed(props: {
  fleet: LiveFleet;
  revision: number;
  selected: number | undefined;
  select: (vehicle: number) => void;
}) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const { fleet, revision, selected, select } = props;
  const { q = '', state = 'everything' } = route.useSearch();
  const change = useSearchChange();
  const { data: roster } = useRoster();
  const wanted = useDeferredValue(q);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the fleet is one table; its revision tells that it changed.
  const vehicles = useMemo(
    () => listed(fleet, roster ?? new Map(), wanted, state, (id) => w('vehicleNumber', { id })),
    [fleet, revision, roster, wanted, state, w],
  );
  const hasAny = fleet.isComplete && [...fleet.vehicles()].length > 0;
  return (
    <>
      <div className="f-panel-head">
        <Input.Search
          allowClear
          aria-label={t('search')}
          placeholder={t('search')}
          defaultValue={q}
          onChange={(event) => change({ q: event.target.value.trim() || undefined })}
        />
        <Segmented<LookFilter>
          block
          size="small"
          aria-label={t('states')}
          value={state}
          options={looks.map((value) => ({ value, label: t(value) }))}
          onChange={(value) => change({ state: value === 'everything' ? undefined : value })}
        />
        <span className="f-quiet">{t('found', { count: vehicles.length })}</span>
      </div>
      {!fleet.isComplete && vehicles.length === 0 ? (
        <div className="f-panel-pad">
          <Loading rows={8} />
        </div>
      ) : vehicles.length === 0 ? (
        hasAny ? (
          <Empty text={w('noMatch')} />
        ) : (
          <Empty
            text={t('none')}
            action={
              <Link to="/fleet/devices">
                <Button tabIndex={-1}>{t('toDevices')}</Button>
              </Link>
            }
          />
        )
      ) : (
        <VehicleList fleet={fleet} vehicles={vehicles} selected={selected} select={select} />
      )}
    </>
  );
}

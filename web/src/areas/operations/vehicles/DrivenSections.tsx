import { DownloadOutlined } from '@ant-design/icons';
import { getRouteApi } from '@tanstack/react-router';
import { Alert, Button, Segmented } from 'antd';
import { useMemo } from 'react';
import { call } from '../../../api/call';
import { useMay } from '../../../api/hooks';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { portal } from '../../../portal';
import { Answered, Empty } from '../../../ui/answers';
import { Figure, Figures } from '../../../ui/Figure';
import { Icon } from '../../../ui/Icon';
import { useFile } from '../../../ui/useFile';
import { useNow } from '../../../ui/useNow';
import { useSearchChange } from '../list/useSearchChange';
import { Section } from '../parts/Section';
import { DayChart } from './DayChart';
import { DrivenTable } from './DrivenTable';
import { byDay, byVehicle, type Days, dayAfter, lastDays, ridesByDay } from './days';
import { rideHoursQuery } from './queries';
import { texts } from './texts';
import { most, useDriven } from './useTelemetry';

const route = getRouteApi('/operations/vehicles');

/** Rides and distance by day, and what each vehicle drove. */
export function DrivenSections() {
  const t = useTexts(texts);
  const days: Days = route.useSearch().days ?? 7;
  const change = useSearchChange();
  const hour = Math.floor(useNow(60_000) / 3_600_000);
  const all = useMemo(() => lastDays(days, hour * 3_600_000), [days, hour]);
  const first = all[0] ?? '';
  const until = dayAfter(all.at(-1) ?? '');
  const choice = (
    <Segmented<Days>
      size="small"
      value={days}
      onChange={(value) => change({ days: value === 30 ? 30 : undefined })}
      options={[
        { value: 7, label: t('days7') },
        { value: 30, label: t('days30') },
      ]}
    />
  );
  return (
    <>
      <Section title={t('driven')} extra={choice}>
        <div className="o-columns">
          <Rides days={all} />
          <Distances days={all} until={until} />
        </div>
      </Section>
      <PerVehicle first={first} until={until} />
    </>
  );
}

/** What was settled on the chain. */
function Rides({ days }: { days: readonly string[] }) {
  const t = useTexts(texts);
  const f = useFormat();
  const since = new Date(`${days[0] ?? ''}T00:00:00`).toISOString();
  const query = useAsk(
    rideHoursQuery,
    { company: portal().company, since },
    { refetchInterval: 30_000, keepPrevious: true },
  );
  return (
    <Answered query={query} rows={6}>
      {({ ridesAggregate }) => {
        const rides = ridesByDay(days, ridesAggregate);
        const count = rides.reduce((sum, day) => sum + day.rides, 0);
        return (
          <div className="o-stack o-tight">
            <Figures>
              <Figure name={t('rides')} value={f.count(count)} />
              <Figure
                name={t('rideDistance')}
                value={f.distance(rides.reduce((sum, day) => sum + day.distanceM, 0))}
              />
            </Figures>
            {count === 0 ? (
              <Empty text={t('noneSettled')} />
            ) : (
              <DayChart
                label={t('chartRides')}
                days={days}
                bars={{ name: t('rides'), values: rides.map((day) => day.rides) }}
              />
            )}
          </div>
        );
      }}
    </Answered>
  );
}

/** What vehicles reported. */
function Distances({ days, until }: { days: readonly string[]; until: string }) {
  const t = useTexts(texts);
  const f = useFormat();
  const may = useMay('telemetry_days');
  const query = useDriven(days[0] ?? '', until);
  if (!may) return <p className="o-none">{t('onlyRole')}</p>;
  return (
    <Answered query={query} rows={6}>
      {({ days: driven }) => {
        const parts = byDay(days, driven);
        const distance = parts.reduce((sum, day) => sum + day.distanceM, 0);
        const trips = parts.reduce((sum, day) => sum + day.trips, 0);
        // Vehicles counted on each day on which they drove.
        const vehicleDays = parts.reduce((sum, day) => sum + day.vehicles, 0);
        const each = Math.max(1, vehicleDays);
        return (
          <div className="o-stack o-tight">
            <Figures>
              <Figure name={t('distance')} value={f.distance(distance)} />
              <Figure
                name={t('perVehicle')}
                value={f.distance(distance / each)}
                hint={t('tripsPerVehicle', { count: f.decimal(trips / each, 1) })}
              />
            </Figures>
            {distance === 0 ? (
              <Empty text={t('none')} />
            ) : (
              <DayChart
                label={t('chartDistance')}
                days={days}
                bars={{ name: t('km'), values: parts.map((day) => kilometres(day.distanceM)) }}
                line={{
                  name: t('kmPerVehicle'),
                  values: parts.map((day) => kilometres(day.distanceM / Math.max(1, day.vehicles))),
                }}
              />
            )}
          </div>
        );
      }}
    </Answered>
  );
}

/** To the tenth, as a chart draws it. */
function kilometres(metres: number): number {
  return Math.round(metres / 100) / 10;
}

function PerVehicle({ first, until }: { first: string; until: string }) {
  const t = useTexts(texts);
  const f = useFormat();
  const may = useMay('telemetry_days');
  const query = useDriven(first, until);
  if (!may) return null;
  return (
    <Section title={t('byVehicle')} extra={<Export first={first} until={until} />}>
      <Answered
        query={query}
        isEmpty={({ days }) => days.length === 0}
        empty={<Empty text={t('none')} />}
        rows={8}
      >
        {({ days, isWhole }) => (
          <>
            {isWhole ? null : <Alert type="info" showIcon title={t('more', { count: f.count(most) })} />}
            <DrivenTable of={byVehicle(days)} />
          </>
        )}
      </Answered>
    </Section>
  );
}

/** The same as a file of the service. */
function Export({ first, until }: { first: string; until: string }) {
  const t = useTexts(texts);
  const may = useMay('telemetry_export');
  const file = useFile(
    () => call('telemetry_export', { what: 'mileage', format: 'csv', from_day: first, until_day: until }),
    t('exporting'),
  );
  if (!may) return null;
  return (
    <Button
      size="small"
      icon={<Icon of={DownloadOutlined} />}
      loading={file.isPending}
      onClick={() => file.mutate()}
    >
      {t('csv')}
    </Button>
  );
}

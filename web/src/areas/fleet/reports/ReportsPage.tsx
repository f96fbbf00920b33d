import '../fleet.css';
import { getRouteApi } from '@tanstack/react-router';
import { Alert, Button, Card } from 'antd';
import { useCallback, useMemo } from 'react';
import { explain } from '../../../api/explain';
import { useMay } from '../../../api/hooks';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Empty, Loading } from '../../../ui/answers';
import { Page } from '../../../ui/Page';
import { useNow } from '../../../ui/useNow';
import { useExport } from '../list/useExport';
import { useRoster } from '../roster/useRoster';
import { texts as words } from '../texts';
import type { Grouping } from './choices';
import { askedSpan, dayAt, plusDays, spanBefore } from './days';
import { metricsFor } from './metrics';
import { ReportCharts } from './ReportCharts';
import { ReportFigures } from './ReportFigures';
import { ReportFilters } from './ReportFilters';
import { ReportTable } from './ReportTable';
import { type Found, type Row, rowsBy, totalOf } from './sums';
import { texts } from './texts';
import { type Asked, bounds, type Report, useClock, useMayMoney, useReport } from './useReport';

const route = getRouteApi('/fleet/reports');

/** What was driven, used and settled: by day, week, vehicle or driver. */
export function ReportsPage() {
  const t = useTexts(texts);
  const offsetMin = useClock();
  return (
    <Page title={t('title')} lead={t('lead')}>
      {offsetMin === undefined ? <Loading rows={8} /> : <Reports offsetMin={offsetMin} />}
    </Page>
  );
}

function Reports({ offsetMin }: { offsetMin: number }) {
  const { from, to, by = 'day', vehicle, driver, show } = route.useSearch();
  const today = dayAt(useNow(60_000), offsetMin);
  const asked: Asked = useMemo(
    () => ({ span: askedSpan(from, to, today), by, vehicle, driver }),
    [from, to, today, by, vehicle, driver],
  );
  const report = useReport(asked, offsetMin);
  const { drivers, rows, whole, before } = useSums(asked, report, offsetMin);
  const nameOf = useNames(by);
  const metrics = metricsFor(report.may, whole);
  const metric = metrics.find((one) => one === show) ?? metrics[0];
  const isEmpty = rows.length === 0 && whole.money.rides === 0n;
  return (
    <>
      <Card size="small">
        <ReportFilters asked={asked} today={today} drivers={drivers} mayDrive={report.may.drive} />
        <Clock asked={asked} today={today} offsetMin={offsetMin} mayDrive={report.may.drive} />
      </Card>
      <Notes asked={asked} report={report} />
      {report.isPending ? (
        <Loading rows={8} />
      ) : isEmpty ? (
        <Nothing asked={asked} />
      ) : (
        <>
          <ReportFigures now={whole} before={before} may={report.may} />
          {metric === undefined ? null : (
            <ReportCharts
              asked={asked}
              report={report}
              rows={rows}
              metric={metric}
              metrics={metrics}
              offsetMin={offsetMin}
              nameOf={nameOf}
            />
          )}
          <ReportTable asked={asked} rows={rows} whole={whole} may={report.may} nameOf={nameOf} />
        </>
      )}
    </>
  );
}

/** The rows, their sums, the sums before, and the drivers that there are to choose from. */
function useSums({ by }: Asked, report: Report, offsetMin: number) {
  const { now, before, moneyByDriver } = report;
  return useMemo(() => {
    const money = by === 'driver' ? moneyByDriver : now.money;
    const rows = rowsBy(by, { ...now, money }, offsetMin);
    const paid = [...(moneyByDriver?.keys() ?? [])].filter((key) => key !== '').map(Number);
    return {
      rows,
      // By day there is everything: by vehicle no money, by driver none that was not read yet.
      whole: totalOf(rowsBy('day', now, offsetMin)),
      before: before === null ? null : wholeOf(before, offsetMin),
      drivers: [...report.drivers, ...paid],
    };
  }, [by, now, before, moneyByDriver, report.drivers, offsetMin]);
}

/** The sums of a span; null where there was nothing, with which nothing is compared. */
function wholeOf(found: Found, offsetMin: number): Omit<Row, 'key'> | null {
  const rows = rowsBy('day', found, offsetMin);
  return rows.length === 0 ? null : totalOf(rows);
}

function useNames(by: Grouping): (key: string) => string {
  const t = useTexts(texts);
  const w = useTexts(words);
  const f = useFormat();
  const { data } = useRoster();
  return useCallback(
    (key) => {
      if (by === 'vehicle') return data?.get(Number(key))?.plate ?? w('vehicleNumber', { id: key });
      if (by === 'driver') return key === '' ? t('unknownDriver') : w('driverNumber', { id: key });
      return f.day(key);
    },
    [by, data, t, w, f],
  );
}

function Clock(props: { asked: Asked; today: string; offsetMin: number; mayDrive: boolean }) {
  const t = useTexts(texts);
  const mayMoney = useMayMoney();
  const { asked, today, offsetMin } = props;
  const isByVehicle = asked.by === 'vehicle' || asked.vehicle !== undefined;
  const before = spanBefore(asked.span);
  const sign = offsetMin < 0 ? '−' : '+';
  const hours = Math.abs(offsetMin) / 60;
  return (
    <p className="f-none">
      {t('clock', { offset: `${sign}${hours}`, first: before.first, last: before.last })}
      {asked.span.last >= today ? ` ${t('notOver')} ` : ' '}
      {t(!mayMoney ? 'moneyHidden' : isByVehicle ? 'moneyNote' : 'moneyByDay')}
      {props.mayDrive ? '' : ` ${t('driveHidden')}`}
    </p>
  );
}

/** What is not there, and why. */
function Notes({ asked, report }: { asked: Asked; report: Report }) {
  const t = useTexts(texts);
  const f = useFormat();
  const mayFile = useMay('telemetry_export');
  const file = useExport();
  const { cuts, failures } = report;
  const days = { from_day: asked.span.first, until_day: plusDays(asked.span.last, 1) };
  if (cuts.length === 0 && failures.length === 0) return null;
  return (
    <div className="f-stack f-tight">
      {failures.map(({ error, retry }) => (
        <Alert
          key={error.message}
          type="error"
          showIcon
          title={t('failedPart')}
          description={`${explain(error).title} ${explain(error).remedy}`}
          action={<Retry retry={retry} />}
        />
      ))}
      {cuts.includes('days') ? (
        <Alert
          type="warning"
          showIcon
          title={t('cutDays', { most: f.count(bounds.days) })}
          {...(mayFile
            ? {
                action: (
                  <Button
                    size="small"
                    loading={file.isPending}
                    onClick={() => file.mutate({ what: 'behaviour', format: 'csv', ...days })}
                  >
                    {t('file')}
                  </Button>
                ),
              }
            : {})}
        />
      ) : null}
      {cuts.includes('alerts') ? (
        <Alert type="warning" showIcon title={t('cutAlerts', { most: f.count(bounds.alerts) })} />
      ) : null}
      {cuts.includes('drivers') ? <Alert type="warning" showIcon title={t('cutDrivers')} /> : null}
    </div>
  );
}

function Retry({ retry }: { retry: () => void }) {
  const w = useTexts(words);
  return (
    <Button size="small" onClick={retry}>
      {w('refresh')}
    </Button>
  );
}

function Nothing({ asked }: { asked: Asked }) {
  const t = useTexts(texts);
  const isFiltered = asked.vehicle !== undefined || asked.driver !== undefined;
  return <Empty text={t(isFiltered ? 'noneHere' : 'none')} />;
}

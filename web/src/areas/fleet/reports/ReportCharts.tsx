import { Select } from 'antd';
import { type ComponentProps, lazy, Suspense, useMemo } from 'react';
import { plottedYuan } from '../../../format/money';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Loading } from '../../../ui/answers';
import { Section } from '../list/Section';
import { useSearchChange } from '../list/useSearchChange';
import type { Metric } from './choices';
import { metricOf, metricUnits } from './metrics';
import { type Bucket, grades, gradesIn, shifted, timeRows } from './series';
import type { Row } from './sums';
import { texts } from './texts';
import type { Asked, Report } from './useReport';

type Drawing = ComponentProps<typeof import('../../../ui/Chart').Chart>['option'];

const Chart = lazy(async () => ({ default: (await import('../../../ui/Chart')).Chart }));

/** So many vehicles or drivers are compared in a chart. */
const most = 15;
const grid = { left: 8, right: 12, top: 40, bottom: 4, containLabel: true };

interface Props {
  asked: Asked;
  report: Report;
  rows: readonly Row[];
  metric: Metric;
  metrics: readonly Metric[];
  offsetMin: number;
  nameOf: (key: string) => string;
}

/** A figure over time beside the span before; and how it is spread. */
export function ReportCharts(props: Props) {
  const t = useTexts(texts);
  const change = useSearchChange();
  const { asked, metric, metrics } = props;
  const name = t(metric);
  const isTime = asked.by === 'day' || asked.by === 'week';
  return (
    <div className="f-columns">
      <Section
        title={t('overTime', { metric: name })}
        extra={
          <Select<Metric>
            size="small"
            aria-label={t('show')}
            style={{ width: 150 }}
            value={metric}
            options={metrics.map((value) => ({ value, label: t(value) }))}
            onChange={(value) => change({ show: value })}
          />
        }
      >
        <p className="f-none">{t('unit', { unit: t(metricUnits[metric]) })}</p>
        <OverTime {...props} />
      </Section>
      {!isTime ? <Most {...props} /> : props.report.may.drive ? <Grades {...props} /> : <Split {...props} />}
    </div>
  );
}

const hasSomething = ({ drive, alerts, money }: Row) =>
  drive.trips > 0 || drive.distanceM > 0 || alerts > 0 || money.rides > 0n;

const bucketOf = ({ by }: Asked): Bucket => (by === 'week' ? 'week' : 'day');

function OverTime({ asked, report, metric, offsetMin }: Props) {
  const t = useTexts(texts);
  const f = useFormat();
  const option = useMemo(() => {
    const bucket = bucketOf(asked);
    const rows = timeRows(report.now, asked.span, bucket, offsetMin);
    const before =
      report.before === null
        ? null
        : timeRows(shifted(report.before, asked.span), asked.span, bucket, offsetMin);
    return {
      grid,
      legend: { top: 0, left: 0 },
      tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' } },
      xAxis: { type: 'category', data: rows.map(({ key }) => key.slice(5)) },
      yAxis: {
        type: 'value',
        axisLabel: { formatter: (value: number) => f.compactCount(value) },
        ...(metric === 'safety' ? { max: 100 } : {}),
        ...(metric === 'alerts' ? { minInterval: 1 } : {}),
      },
      series: [
        {
          name: t('this'),
          type: 'bar',
          barMaxWidth: 32,
          data: rows.map((row) => metricOf(metric, row)),
        },
        ...(before === null || !before.some(hasSomething)
          ? []
          : [
              {
                name: t('earlier'),
                type: 'line',
                symbolSize: 5,
                lineStyle: { type: 'dashed', width: 1.5 },
                data: before.map((row) => metricOf(metric, row)),
              },
            ]),
      ],
    };
  }, [asked, report.now, report.before, metric, offsetMin, t, f]);
  return <Drawn option={option} label={t('overTime', { metric: t(metric) })} />;
}

function Grades({ asked, report }: Props) {
  const t = useTexts(texts);
  const option = useMemo(() => {
    const bucket = bucketOf(asked);
    const counts = gradesIn(report.now, asked.span, bucket);
    const colours = { good: '#3f9e5a', fair: '#d9a13b', poor: '#d4573d' } as const;
    const keys = timeRows(report.now, asked.span, bucket, 0).map(({ key }) => key.slice(5));
    return {
      grid,
      legend: { top: 0, left: 0 },
      tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' } },
      xAxis: { type: 'category', data: keys },
      yAxis: { type: 'value', minInterval: 1 },
      series: grades.map((grade) => ({
        name: t(grade),
        type: 'bar',
        stack: 'grades',
        barMaxWidth: 32,
        itemStyle: { color: colours[grade] },
        data: counts[grade],
      })),
    };
  }, [asked, report.now, t]);
  return (
    <Section title={t('grades')}>
      <Drawn option={option} label={t('grades')} />
    </Section>
  );
}

function Split({ asked, report, offsetMin }: Props) {
  const t = useTexts(texts);
  const option = useMemo(() => {
    const rows = timeRows(report.now, asked.span, bucketOf(asked), offsetMin);
    const part = (name: string, of: 'drivers' | 'platform' | 'others') => ({
      name,
      type: 'bar',
      stack: 'split',
      barMaxWidth: 32,
      data: rows.map(({ money }) => plottedYuan(money[of])),
    });
    return {
      grid,
      legend: { top: 0, left: 0 },
      tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' } },
      xAxis: { type: 'category', data: rows.map(({ key }) => key.slice(5)) },
      yAxis: { type: 'value' },
      series: [
        part(t('driversGet'), 'drivers'),
        part(t('platformGets'), 'platform'),
        part(t('othersGet'), 'others'),
      ],
    };
  }, [asked, report.now, offsetMin, t]);
  return (
    <Section title={t('split')}>
      <p className="f-none">{t('unit', { unit: t('yuan') })}</p>
      <Drawn option={option} label={t('split')} />
    </Section>
  );
}

/** The vehicles or drivers with the most of it; of grades those with the lowest. */
function Most({ rows, metric, nameOf }: Props) {
  const t = useTexts(texts);
  const f = useFormat();
  const shown = useMemo(() => {
    const valued = rows.flatMap((row) => {
      const value = metricOf(metric, row);
      return value === null ? [] : [{ name: nameOf(row.key), value }];
    });
    const sign = metric === 'safety' ? 1 : -1;
    return valued.toSorted((one, other) => sign * (one.value - other.value)).slice(0, most);
  }, [rows, metric, nameOf]);
  const option = useMemo(
    () => ({
      grid: { ...grid, top: 8 },
      tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' } },
      xAxis: { type: 'value', axisLabel: { formatter: (value: number) => f.compactCount(value) } },
      // The first stands on top.
      yAxis: { type: 'category', data: shown.map(({ name }) => name).toReversed() },
      series: [
        { name: t(metric), type: 'bar', barMaxWidth: 18, data: shown.map(({ value }) => value).toReversed() },
      ],
    }),
    [shown, metric, t, f],
  );
  const title = t('most', { metric: t(metric), count: shown.length });
  return (
    <Section title={title}>
      <p className="f-none">{t('unit', { unit: t(metricUnits[metric]) })}</p>
      <Drawn option={option} label={title} height={Math.max(160, shown.length * 24 + 40)} />
    </Section>
  );
}

function Drawn(props: { option: Drawing; label: string; height?: number }) {
  return (
    <Suspense fallback={<Loading rows={5} />}>
      <Chart option={props.option} label={props.label} height={props.height ?? 260} />
    </Suspense>
  );
}

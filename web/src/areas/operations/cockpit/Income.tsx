import { Segmented } from 'antd';
import { lazy, Suspense, useMemo, useState } from 'react';
import { plottedYuan } from '../../../format/money';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { portal } from '../../../portal';
import { Amount } from '../../../ui/Amount';
import { Answered, Empty, Loading } from '../../../ui/answers';
import { Figure, Figures } from '../../../ui/Figure';
import { useNow } from '../../../ui/useNow';
import { Section } from '../parts/Section';
import { byDay, byHour, type HourOfIndex, hourOf, midnight, type Span } from './income';
import { incomeQuery } from './queries';
import { texts } from './texts';

const Chart = lazy(async () => ({ default: (await import('../../../ui/Chart')).Chart }));

const days = 14;
const hours = 24;

/** What was settled in the last two weeks, by hours. */
function useIncome() {
  // Another hour asks for other hours.
  const now = hourOf(useNow(60_000));
  const since = new Date(midnight(now, days - 1)).toISOString();
  const query = useAsk(
    incomeQuery,
    { company: portal().company, since },
    { refetchInterval: 10_000, keepPrevious: true },
  );
  return { now, query };
}

/** Rides and money of today. */
export function IncomeToday() {
  const t = useTexts(texts);
  const f = useFormat();
  const { now, query } = useIncome();
  return (
    <Answered query={query} rows={2}>
      {({ ridesAggregate }) => {
        const today = byDay(ridesAggregate, now, 1)[0];
        return (
          <Figures>
            <Figure name={t('ridesToday')} value={f.count(today?.rides ?? 0)} hint={t('hint')} />
            <Figure name={t('incomeToday')} value={<Amount value={today?.gross ?? 0n} fen />} />
            <Figure name={t('platformToday')} value={<Amount value={today?.platform ?? 0n} fen />} />
          </Figures>
        );
      }}
    </Answered>
  );
}

/** Rides and money by hour or day. */
export function IncomeCharts() {
  const t = useTexts(texts);
  const [by, setBy] = useState<'hour' | 'day'>('hour');
  const { now, query } = useIncome();
  const choice = (
    <Segmented
      size="small"
      value={by}
      onChange={setBy}
      options={[
        { value: 'hour', label: t('byHour') },
        { value: 'day', label: t('byDay') },
      ]}
    />
  );
  return (
    <Section title={t('income')} extra={choice}>
      <Answered query={query} rows={6}>
        {({ ridesAggregate }) => <Charts parts={ridesAggregate} now={now} by={by} />}
      </Answered>
    </Section>
  );
}

function Charts({ parts, now, by }: { parts: readonly HourOfIndex[]; now: number; by: 'hour' | 'day' }) {
  const t = useTexts(texts);
  const spans = useMemo(
    () => (by === 'hour' ? byHour(parts, now, hours) : byDay(parts, now, days)),
    [parts, now, by],
  );
  if (spans.every(({ rides }) => rides === 0)) return <Empty text={t('nothingSettled')} />;
  return (
    <div className="o-columns">
      <MoneyChart spans={spans} by={by} />
      <RidesChart spans={spans} by={by} />
    </div>
  );
}

const grid = { left: 8, right: 8, top: 40, bottom: 4, containLabel: true };

function useTimes(spans: readonly Span[], by: 'hour' | 'day'): readonly string[] {
  const f = useFormat();
  return spans.map(({ from }) => (by === 'hour' ? f.clock(from).slice(0, 5) : f.date(from).slice(5)));
}

function MoneyChart({ spans, by }: { spans: readonly Span[]; by: 'hour' | 'day' }) {
  const t = useTexts(texts);
  const f = useFormat();
  const times = useTimes(spans, by);
  const option = useMemo(() => {
    const bars = (of: 'drivers' | 'platform' | 'thirdParties') => ({
      name: t(of),
      type: 'bar',
      stack: 'split',
      barMaxWidth: 24,
      data: spans.map((span) => plottedYuan(span[of])),
      tooltip: { valueFormatter: (_: unknown, at: number) => f.money(spans[at]?.[of] ?? 0n) },
    });
    return {
      grid,
      legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 12 },
      tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' } },
      xAxis: { type: 'category', data: times },
      yAxis: { type: 'value', axisLabel: { formatter: (yuan: number) => f.compactCount(yuan) } },
      series: [bars('drivers'), bars('platform'), bars('thirdParties')],
    };
  }, [spans, times, t, f]);
  return (
    <div>
      <p className="o-note">{t('chartMoney')}</p>
      <Suspense fallback={<Loading rows={6} />}>
        <Chart option={option} label={t('chartMoney')} height={240} />
      </Suspense>
    </div>
  );
}

function RidesChart({ spans, by }: { spans: readonly Span[]; by: 'hour' | 'day' }) {
  const t = useTexts(texts);
  const f = useFormat();
  const times = useTimes(spans, by);
  const option = useMemo(
    () => ({
      grid,
      tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' } },
      xAxis: { type: 'category', data: times },
      yAxis: { type: 'value', minInterval: 1 },
      series: [
        { name: t('chartRides'), type: 'bar', barMaxWidth: 24, data: spans.map(({ rides }) => rides) },
      ],
    }),
    [spans, times, t],
  );
  return (
    <div>
      <p className="o-note">
        {t('chartRides')} · {f.count(spans.reduce((sum, { rides }) => sum + rides, 0))}
      </p>
      <Suspense fallback={<Loading rows={6} />}>
        <Chart option={option} label={t('chartRides')} height={240} />
      </Suspense>
    </div>
  );
}

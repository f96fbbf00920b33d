import { Segmented } from 'antd';
import { lazy, Suspense, useMemo, useState } from 'react';
import { plottedYuan } from '../../../format/money';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { Answered, Empty, Loading } from '../../../ui/answers';
import { Section } from '../detail/Section';
import type { SettledQuery } from '../graphql/graphql';
import { texts as words } from '../texts';
import { settledQuery } from './queries';
import { filled, type Spanned, span } from './series';
import { texts } from './texts';

const Chart = lazy(async () => ({ default: (await import('../../../ui/Chart')).Chart }));

const reach = { hour: 24, day: 30 } as const;

/** Rides and money by hour or day. */
export function SettledCharts() {
  const t = useTexts(texts);
  const [interval, setInterval] = useState<'hour' | 'day'>('hour');
  // The beginning of the hour that is now changes once an hour: a page that stays open begins anew when it is chosen.
  const spanned = useMemo(() => span(interval, reach[interval], Date.now()), [interval]);
  const query = useAsk(
    settledQuery,
    { interval, since: spanned.since },
    { refetchInterval: 15_000, keepPrevious: true },
  );
  const choice = (
    <Segmented
      size="small"
      value={interval}
      onChange={setInterval}
      options={[
        { value: 'hour', label: t('byHour') },
        { value: 'day', label: t('byDay') },
      ]}
    />
  );
  return (
    <Section title={t('settledMoney')} extra={choice}>
      <Answered query={query} rows={6}>
        {(answer) =>
          answer.batchesAggregate.length === 0 ? (
            <Empty text={t('nothingSettled')} />
          ) : (
            <div className="x-columns">
              <Money spanned={spanned} parts={answer.batchesAggregate} />
              <Rides spanned={spanned} parts={answer.batchesAggregate} />
            </div>
          )
        }
      </Answered>
    </Section>
  );
}

interface Shown {
  readonly spanned: Spanned;
  readonly parts: SettledQuery['batchesAggregate'];
}

function useTimes({ interval, times }: Spanned): readonly string[] {
  const f = useFormat();
  return times.map((time) => (interval === 'hour' ? f.clock(time).slice(0, 5) : f.date(time).slice(5)));
}

const grid = { left: 8, right: 8, top: 40, bottom: 4, containLabel: true };

function Money({ spanned, parts }: Shown) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const f = useFormat();
  const times = useTimes(spanned);
  const rows = filled(spanned.times, parts);
  const bars = (name: string, of: 'drivers' | 'platform' | 'thirdParties') => ({
    name,
    type: 'bar',
    stack: 'split',
    barMaxWidth: 24,
    data: rows.map((row) => plottedYuan(BigInt(row?.sum[of] ?? '0'))),
    tooltip: { valueFormatter: (_: unknown, at: number) => f.money(BigInt(rows[at]?.sum[of] ?? '0')) },
  });
  const option = {
    grid,
    legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 12 },
    tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' } },
    xAxis: { type: 'category', data: times },
    yAxis: { type: 'value', axisLabel: { formatter: (yuan: number) => f.compactCount(yuan) } },
    series: [
      bars(w('driversShare'), 'drivers'),
      bars(w('platformShare'), 'platform'),
      bars(w('thirdPartyShare'), 'thirdParties'),
    ],
  };
  return (
    <figure className="x-figure">
      <figcaption>{t('chartMoney')}</figcaption>
      <Suspense fallback={<Loading rows={6} />}>
        <Chart option={option} label={t('chartMoney')} />
      </Suspense>
    </figure>
  );
}

function Rides({ spanned, parts }: Shown) {
  const t = useTexts(texts);
  const f = useFormat();
  const times = useTimes(spanned);
  const rows = filled(spanned.times, parts);
  const option = {
    grid,
    tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' } },
    xAxis: { type: 'category', data: times },
    yAxis: {
      type: 'value',
      minInterval: 1,
      axisLabel: { formatter: (count: number) => f.compactCount(count) },
    },
    series: [
      {
        name: t('chartRides'),
        type: 'bar',
        barMaxWidth: 24,
        data: rows.map((row) => Number(row?.sum.rideCount ?? 0)),
      },
    ],
  };
  return (
    <figure className="x-figure">
      <figcaption>{t('chartRides')}</figcaption>
      <Suspense fallback={<Loading rows={6} />}>
        <Chart option={option} label={t('chartRides')} />
      </Suspense>
    </figure>
  );
}

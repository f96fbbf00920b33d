import { Segmented } from 'antd';
import { lazy, Suspense, useMemo, useState } from 'react';
import { plottedYuan } from '../../../format/money';
import { formatDate } from '../../../format/times';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Amount } from '../../../ui/Amount';
import { Answered, Empty, Loading } from '../../../ui/answers';
import { type Hour, type Length, type Span, spans } from './spans';
import { earningTexts } from './texts';
import { useEarned } from './useEarned';

const Chart = lazy(async () => ({ default: (await import('../../../ui/Chart')).Chart }));

/** Hours are asked for in one answer of a thousand: five weeks have 840. */
const counts = { day: 14, week: 5 } as const;

/** What days and weeks brought. */
export function Earned() {
  const t = useTexts(earningTexts);
  const [length, setLength] = useState<Length>('day');
  const { query, nowMs } = useEarned(length, counts[length]);
  return (
    <section className="d-panel" aria-labelledby="d-earned">
      <div className="d-spread">
        <h2 id="d-earned" className="d-title">
          {t('chart')}
        </h2>
        <Segmented
          aria-label={t('length')}
          value={length}
          onChange={setLength}
          options={[
            { value: 'day', label: t('day') },
            { value: 'week', label: t('week') },
          ]}
        />
      </div>
      <Answered
        query={query}
        rows={6}
        isEmpty={(data) => data.ridesAggregate.length === 0}
        empty={<Empty text={t('noRides')} />}
      >
        {(data) => <Shown length={length} hours={data.ridesAggregate} nowMs={nowMs} />}
      </Answered>
      <p className="d-quiet">{t('chartHint')}</p>
    </section>
  );
}

function Shown(props: { length: Length; hours: readonly Hour[]; nowMs: number }) {
  const t = useTexts(earningTexts);
  const f = useFormat();
  const { length, hours, nowMs } = props;
  const rows = useMemo(() => spans(length, counts[length], hours, nowMs), [length, hours, nowMs]);
  const option = useMemo(
    () => ({
      grid: { left: 4, right: 8, top: 16, bottom: 4, containLabel: true },
      tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' } },
      xAxis: { type: 'category', data: rows.map((row) => f.date(row.fromMs).slice(5)) },
      yAxis: { type: 'value', axisLabel: { formatter: (yuan: number) => f.compactCount(yuan) } },
      series: [
        {
          name: t('chart'),
          type: 'bar',
          barMaxWidth: 28,
          itemStyle: { borderRadius: [4, 4, 0, 0] },
          data: rows.map((row) => plottedYuan(row.earned)),
          tooltip: { valueFormatter: (_: unknown, at: number) => f.money(rows[at]?.earned ?? 0n) },
        },
      ],
    }),
    [rows, f, t],
  );
  const worked = rows.filter((row) => row.rides > 0).toReversed();
  const name = (row: Span) =>
    length === 'day' ? f.day(formatDate(row.fromMs)) : t('from', { day: f.day(formatDate(row.fromMs)) });
  return (
    <>
      <Suspense fallback={<Loading rows={5} />}>
        <Chart option={option} label={t('chart')} height={180} />
      </Suspense>
      <ul className="d-list">
        {worked.map((row) => (
          <li key={row.fromMs} className="d-row">
            <span className="d-row-head">
              <span>{name(row)}</span>
              <strong className="d-row-end">
                <Amount value={row.earned} />
              </strong>
            </span>
            <span className="d-quiet">
              {t('rides', { count: row.rides })} · {f.distance(row.metres)}
            </span>
          </li>
        ))}
      </ul>
      <p className="d-spread">
        <span>{t('total')}</span>
        <strong>
          <Amount value={rows.reduce((sum, row) => sum + row.earned, 0n)} />
        </strong>
      </p>
    </>
  );
}

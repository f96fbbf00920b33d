import { lazy, Suspense, useMemo } from 'react';
import { plottedYuan } from '../../../format/money';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { Loading } from '../../../ui/answers';
import { Section } from '../detail/Section';
import { balanceHistoryQuery } from './queries';
import { texts } from './texts';

const Chart = lazy(async () => ({ default: (await import('../../../ui/Chart')).Chart }));

/** The last versions of a balance as steps; nothing where it never changed. */
export function BalanceChart({ hex }: { hex: string }) {
  const t = useTexts(texts);
  const f = useFormat();
  const query = useAsk(balanceHistoryQuery, { id: hex });
  const points = useMemo(() => {
    const history = [...(query.data?.balance?.history ?? [])].reverse();
    return history.flatMap(({ time, free, held }) =>
      free === null || held === null || Date.parse(time) === 0
        ? []
        : [{ at: Date.parse(time), units: BigInt(free) + BigInt(held) }],
    );
  }, [query.data]);
  if (points.length < 2) return null;
  const option = {
    grid: { left: 8, right: 16, top: 12, bottom: 4, containLabel: true },
    tooltip: { trigger: 'axis' },
    xAxis: { type: 'time' },
    yAxis: { type: 'value', scale: true, axisLabel: { formatter: (yuan: number) => f.compactCount(yuan) } },
    series: [
      {
        name: t('balance'),
        type: 'line',
        step: 'end',
        showSymbol: false,
        areaStyle: { opacity: 0.08 },
        data: points.map(({ at, units }) => [at, plottedYuan(units)]),
        tooltip: { valueFormatter: (_: unknown, at: number) => f.money(points[at]?.units ?? 0n) },
      },
    ],
  };
  return (
    <Section title={t('chart')}>
      <Suspense fallback={<Loading rows={4} />}>
        <Chart option={option} label={t('chart')} height={180} />
      </Suspense>
    </Section>
  );
}

import { lazy, Suspense, useMemo } from 'react';
import type { Candidate } from '../../../api/methods';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Loading } from '../../../ui/answers';
import { texts as words } from '../texts';
import { explainTexts } from './explainTexts';

const Chart = lazy(async () => ({ default: (await import('../../../ui/Chart')).Chart }));

const partNames = [
  'eta',
  'rating',
  'class',
  'idle',
  'cancellation',
  'homeward',
  'waiting',
  'heading',
  'punctuality',
] as const;
type Part = (typeof partNames)[number];

const most = 12;

/** What each driver would have cost, part by part, in seconds of driving: the cheapest on top. */
export function CostChart(props: { candidates: readonly Candidate[]; chosen: number | undefined }) {
  const t = useTexts(explainTexts);
  const w = useTexts(words);
  const f = useFormat();
  const { candidates, chosen } = props;
  const shown = useMemo(
    () => [...candidates].sort((one, other) => one.cost - other.cost).slice(0, most),
    [candidates],
  );
  const option = useMemo(() => {
    const costOf = ({ parts }: Candidate, name: Part) => parts.find((part) => part.name === name)?.cost ?? 0;
    const used = partNames.filter((name) => shown.some((candidate) => costOf(candidate, name) !== 0));
    return {
      grid: { left: 8, right: 16, top: 48, bottom: 4, containLabel: true },
      legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 12, type: 'plain' },
      tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' } },
      xAxis: { type: 'value', axisLabel: { formatter: (seconds: number) => f.decimal(seconds, 0) } },
      yAxis: {
        type: 'category',
        inverse: true,
        data: shown.map(({ driver }) =>
          driver === chosen ? `${w('driverNumber', { id: driver })} ✓` : w('driverNumber', { id: driver }),
        ),
      },
      series: used.map((name) => ({
        name: t(`part_${name}`),
        type: 'bar',
        stack: 'cost',
        barMaxWidth: 18,
        data: shown.map((candidate) => costOf(candidate, name) / 1000),
      })),
    };
  }, [shown, chosen, t, w, f]);
  return (
    <div>
      <p className="o-note">{t('chart')}</p>
      <Suspense fallback={<Loading rows={4} />}>
        <Chart option={option} label={t('chart')} height={90 + shown.length * 30} />
      </Suspense>
    </div>
  );
}

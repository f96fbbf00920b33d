import { lazy, Suspense, useMemo } from 'react';
import { Loading } from '../../../ui/answers';

const Chart = lazy(async () => ({ default: (await import('../../../ui/Chart')).Chart }));

interface Series {
  readonly name: string;
  readonly values: readonly number[];
}

/** Bars by day, and a line by a scale of its own. */
export function DayChart(props: { label: string; days: readonly string[]; bars: Series; line?: Series }) {
  const { label, days, bars, line } = props;
  const option = useMemo(() => {
    const axis = { type: 'value', splitLine: { show: true } };
    return {
      grid: { left: 8, right: 8, top: 36, bottom: 4, containLabel: true },
      legend: { show: line !== undefined, top: 0, left: 0, itemWidth: 12, itemHeight: 12 },
      tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' } },
      xAxis: { type: 'category', data: days.map((day) => day.slice(5)) },
      yAxis: line === undefined ? axis : [axis, { ...axis, splitLine: { show: false } }],
      series: [
        { name: bars.name, type: 'bar', barMaxWidth: 24, data: [...bars.values] },
        ...(line === undefined
          ? []
          : [{ name: line.name, type: 'line', yAxisIndex: 1, smooth: false, data: [...line.values] }]),
      ],
    };
  }, [days, bars, line]);
  return (
    <div>
      <p className="o-note">{label}</p>
      <Suspense fallback={<Loading rows={6} />}>
        <Chart option={option} label={label} height={240} />
      </Suspense>
    </div>
  );
}

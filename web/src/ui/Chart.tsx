// ECharts, with the parts that our charts use and the colours of the theme. Loaded only with pages that have a chart.
import { BarChart, HeatmapChart, LineChart, PieChart, ScatterChart } from 'echarts/charts';
import {
  AriaComponent,
  DatasetComponent,
  DataZoomComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
  VisualMapComponent,
} from 'echarts/components';
import { type EChartsCoreOption, type EChartsType, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { useMode } from '../theme/mode';
import { chartTheme } from '../theme/theme';

use([
  AriaComponent,
  BarChart,
  CanvasRenderer,
  DatasetComponent,
  DataZoomComponent,
  GridComponent,
  HeatmapChart,
  LegendComponent,
  LineChart,
  MarkLineComponent,
  PieChart,
  ScatterChart,
  TooltipComponent,
  VisualMapComponent,
]);

/** A chart. `label` says to screen readers what it shows; the same figures belong into a table or text nearby. */
export function Chart(props: {
  option: EChartsCoreOption;
  label: string;
  height?: number;
  onClick?: (at: { name: string; seriesName?: string | undefined; dataIndex: number }) => void;
}) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const mode = useMode();
  const { option, onClick } = props;

  useEffect(() => {
    if (place.current === null) return;
    const made = init(place.current, chartTheme(mode));
    chart.current = made;
    const watcher = new ResizeObserver(() => made.resize());
    watcher.observe(place.current);
    return () => {
      watcher.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, [mode]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme makes another chart, which needs its option.
  useEffect(() => {
    chart.current?.setOption(
      { aria: { enabled: false }, animationDuration: 300, ...option },
      { notMerge: true },
    );
  }, [option, mode]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: as above.
  useEffect(() => {
    const made = chart.current;
    if (made === null || onClick === undefined) return;
    made.on('click', (at) => onClick({ name: at.name, seriesName: at.seriesName, dataIndex: at.dataIndex }));
    return () => {
      if (!made.isDisposed()) made.off('click');
    };
  }, [onClick, mode]);

  return <div ref={place} role="img" aria-label={props.label} style={{ height: props.height ?? 260 }} />;
}

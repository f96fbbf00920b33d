// Pages of the telemetry, read to their end within a bound.
import { useQuery } from '@tanstack/react-query';
import * as v from 'valibot';
import { call } from '../../../api/call';
import { useCall, useMay } from '../../../api/hooks';
import type { DrivingDay, VehicleState } from '../../../api/methods';

/** The most that the api gives at once. */
const limit = 500;
/** Pages that are read at most. */
const pages = 20;
/** How many are counted at most. */
export const most = limit * pages;

/** How all vehicles of the company are now. */
export function useStates() {
  const enabled = useMay('telemetry_vehicles');
  return useQuery<{ readonly known: number; readonly states: readonly VehicleState[] }, Error>({
    queryKey: ['api', 'telemetry_vehicles', 'all'],
    enabled,
    refetchInterval: 15_000,
    queryFn: async ({ signal }) => {
      const states: VehicleState[] = [];
      let after: number | undefined;
      let known = 0;
      for (let page = 0; page < pages; page++) {
        const answer = await call('telemetry_vehicles', { limit, after }, { signal });
        states.push(...answer.vehicles);
        known = answer.known;
        after = answer.next;
        if (after === undefined) break;
      }
      return { known, states };
    },
  });
}

/** Alerts that are open. */
export function useOpenAlerts() {
  const enabled = useMay('telemetry_alerts');
  return useCall('telemetry_alerts', { states: ['open'], limit }, { enabled, refetchInterval: 15_000 });
}

/** What each vehicle drove on each of these days; `isWhole`: all of it. */
export function useDriven(fromDay: string, untilDay: string) {
  const enabled = useMay('telemetry_days');
  return useQuery<{ readonly days: readonly DrivingDay[]; readonly isWhole: boolean }, Error>({
    queryKey: ['api', 'telemetry_days', 'all', fromDay, untilDay],
    enabled,
    refetchInterval: 60_000,
    queryFn: async ({ signal }) => {
      const days: DrivingDay[] = [];
      let after: string | undefined;
      for (let page = 0; page < pages; page++) {
        const asked = { from_day: fromDay, until_day: untilDay, limit, after };
        const answer = await call('telemetry_days', asked, { signal });
        days.push(...answer.days);
        after = answer.next;
        if (after === undefined) break;
      }
      return { days, isWhole: after === undefined };
    },
  });
}

const Figures = v.object({
  unanalysed: v.number(),
  delay_ms: v.object({ p50: v.number(), p99: v.number() }),
  trouble: v.nullish(v.object({ since_ms: v.number(), reason: v.string() })),
});

export type TelemetryFigures = v.InferOutput<typeof Figures>;

/** How far behind the telemetry is. Undefined: it does not say, or not so. */
export function useFigures(): TelemetryFigures | undefined {
  const enabled = useMay('telemetry_figures');
  const { data } = useCall('telemetry_figures', {}, { enabled, refetchInterval: 15_000 });
  const read = v.safeParse(Figures, data);
  return read.success ? read.output : undefined;
}

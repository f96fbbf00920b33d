import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useCall, useMay, useSession } from '../../../api/hooks';
import type { Role } from '../../../api/role';
import type { Grouping } from './choices';
import { type DaySpan, spanBefore } from './days';
import { mostAlerts, mostRows, readAlerts, readDays, readMoneyByDay, readMoneyByDriver } from './read';
import type { Found, Money } from './sums';

/** Who may see what was settled, as in bills. */
const billing: readonly Role[] = ['finance', 'auditor', 'admin'];

export function useMayMoney(): boolean {
  return useSession()?.roles.some((role) => billing.includes(role)) === true;
}

export interface Asked {
  readonly span: DaySpan;
  readonly by: Grouping;
  readonly vehicle: number | undefined;
  readonly driver: number | undefined;
}

/** The company's clock in minutes east of Greenwich; that of the browser for who may not read the rules. */
export function useClock(): number | undefined {
  const may = useMay('telemetry_rules');
  const rules = useCall('telemetry_rules', {}, { enabled: may });
  const browsers = -new Date().getTimezoneOffset();
  if (!may || rules.isError) return browsers;
  if (rules.data === undefined) return undefined;
  const { car } = rules.data.effective as { car?: { local?: { utc_offset_min?: unknown } } };
  const offset = car?.local?.utc_offset_min;
  return typeof offset === 'number' ? offset : browsers;
}

export interface Report {
  readonly now: Found;
  /** The span before; null while it is read, and where one of both is not whole. */
  readonly before: Found | null;
  /** By driver, where it is asked for. */
  readonly moneyByDriver: ReadonlyMap<string, Money> | null;
  /** Who drove in the span, whoever is asked for. */
  readonly drivers: readonly number[];
  readonly cuts: ReadonlyArray<'days' | 'alerts' | 'drivers'>;
  readonly failures: ReadonlyArray<{ readonly error: Error; readonly retry: () => void }>;
  readonly isPending: boolean;
  readonly may: { readonly drive: boolean; readonly alerts: boolean; readonly money: boolean };
}

/** Everything of a span and of the one before that whoever is logged in may see. */
export function useReport(asked: Asked, offsetMin: number): Report {
  const may = {
    drive: useMay('telemetry_days'),
    alerts: useMay('telemetry_alerts'),
    // The chain names no vehicle.
    money: useMayMoney() && asked.vehicle === undefined,
  };
  const now = useParts(asked, asked.span, offsetMin, may);
  const before = useParts(asked, spanBefore(asked.span), offsetMin, may);
  const company = useSession()?.company ?? 0;
  const { span, driver } = asked;
  const byDriver = useQuery({
    queryKey: ['fleet', 'report', 'drivers', company, span, offsetMin, driver],
    enabled: may.money && asked.by === 'driver',
    staleTime: 60_000,
    queryFn: ({ signal }) => readMoneyByDriver(company, span, offsetMin, driver, signal),
  });
  const all = [...now.asked, ...(may.money && asked.by === 'driver' ? [byDriver] : [])];
  const isWhole = now.cuts.length === 0 && before.cuts.length === 0;
  const isBefore = isWhole && before.asked.every(({ isSuccess }) => isSuccess);
  return {
    now: now.found,
    before: isBefore ? before.found : null,
    moneyByDriver: byDriver.data?.drivers ?? null,
    drivers: now.drivers,
    cuts: [...now.cuts, ...(byDriver.data?.isCut === true ? (['drivers'] as const) : [])],
    failures: all.flatMap(({ error, refetch }) =>
      error === null ? [] : [{ error, retry: () => void refetch() }],
    ),
    isPending: all.some(({ isPending }) => isPending),
    may,
  };
}

type Any = Pick<UseQueryResult<unknown, Error>, 'error' | 'refetch' | 'isPending' | 'isSuccess'>;

function useParts(asked: Asked, span: DaySpan, offsetMin: number, may: Report['may']) {
  const { vehicle, driver } = asked;
  const company = useSession()?.company ?? 0;
  const common = { staleTime: 60_000 };
  const days = useQuery({
    ...common,
    queryKey: ['fleet', 'report', 'days', company, span, vehicle],
    enabled: may.drive,
    queryFn: ({ signal }) => readDays(span, vehicle, signal),
  });
  const alerts = useQuery({
    ...common,
    queryKey: ['fleet', 'report', 'alerts', company, span, offsetMin, vehicle],
    enabled: may.alerts,
    queryFn: ({ signal }) => readAlerts(span, offsetMin, vehicle, signal),
  });
  const money = useQuery({
    ...common,
    queryKey: ['fleet', 'report', 'money', company, span, offsetMin, driver],
    enabled: may.money,
    queryFn: ({ signal }) => readMoneyByDay(company, span, offsetMin, driver, signal),
  });
  const parts: readonly Any[] = [
    ...(may.drive ? [days] : []),
    ...(may.alerts ? [alerts] : []),
    ...(may.money ? [money] : []),
  ];
  const [driven, alerted, settled] = [
    may.drive ? days.data : undefined,
    may.alerts ? alerts.data : undefined,
    may.money ? money.data : undefined,
  ];
  const found = useMemo((): Found => {
    const of = <T extends { driver?: number }>(rows: readonly T[] | undefined): readonly T[] | null =>
      rows?.filter((row) => driver === undefined || row.driver === driver) ?? null;
    return { days: of(driven?.rows), alerts: of(alerted?.rows), money: settled ?? null };
  }, [driven, alerted, settled, driver]);
  const drivers = useMemo(
    () => [...new Set(driven?.rows.flatMap((row) => (row.driver === undefined ? [] : [row.driver])))],
    [driven],
  );
  return {
    found,
    drivers,
    asked: parts,
    cuts: [
      ...(days.data?.isCut === true ? (['days'] as const) : []),
      ...(alerts.data?.isCut === true ? (['alerts'] as const) : []),
    ],
  };
}

export const bounds = { days: mostRows, alerts: mostAlerts } as const;

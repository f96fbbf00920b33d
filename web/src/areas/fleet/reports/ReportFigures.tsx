import type { ReactNode } from 'react';
import { plottedYuan } from '../../../format/money';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Amount } from '../../../ui/Amount';
import { Figure, Figures } from '../../../ui/Figure';
import {
  changeOf,
  type Drive,
  economyOf,
  energyIn100Km,
  fuelIn100Km,
  harshIn100Km,
  type Row,
  safetyOf,
} from './sums';
import { texts } from './texts';
import type { Report } from './useReport';

type Whole = Omit<Row, 'key'>;

/** The sums of a span, beside those of the span before. */
export function ReportFigures(props: { now: Whole; before: Whole | null; may: Report['may'] }) {
  const t = useTexts(texts);
  const f = useFormat();
  const { now, before, may } = props;
  const change = (share: number | null): string | null => {
    if (share === null) return null;
    const text = f.share(Math.abs(share));
    return share < 0 ? t('less', { share: text }) : t('more', { share: text });
  };
  /** A figure that is compared by its share. */
  const compared = (
    name: string,
    of: (whole: Whole) => number | null,
    said: (value: number) => string,
    more?: string | null,
    difference?: (now: number, before: number) => string,
  ) => {
    const value = of(now);
    if (value === null) return null;
    const old = before === null ? null : of(before);
    const share =
      difference === undefined || old === null ? change(changeOf(value, old)) : difference(value, old);
    const hint =
      old === null
        ? null
        : share === null
          ? t('before', { value: said(old) })
          : t('beforeChange', { value: said(old), change: share });
    return <Figure key={name} name={name} value={said(value)} hint={<Lines of={[more, hint]} />} />;
  };
  const drive = (of: (drive: Drive) => number | null) => (whole: Whole) => of(whole.drive);
  const used = (value: number | null, unit: string) =>
    value === null ? null : t('in100', { value: `${f.decimal(value, 1)} ${unit}` });
  const grade = (value: number) => f.decimal(value, 0);
  const points = (value: number, old: number) => {
    const by = Math.round(value) - Math.round(old);
    const text = t('points', { points: Math.abs(by) });
    return by < 0 ? t('less', { share: text }) : t('more', { share: text });
  };
  return (
    <Figures>
      {may.drive ? (
        <>
          {compared(
            t('distance'),
            drive((of) => of.distanceM),
            f.distance,
          )}
          {compared(
            t('moving'),
            drive((of) => of.movingMs),
            f.duration,
          )}
          {compared(
            t('energy'),
            drive((of) => of.energyWh),
            f.energy,
            used(energyIn100Km(now.drive), 'kWh'),
          )}
          {compared(
            t('fuel'),
            drive((of) => of.fuelMl),
            f.fuel,
            used(fuelIn100Km(now.drive), 'L'),
          )}
          {compared(t('safety'), drive(safetyOf), grade, t('byDistance'), points)}
          {compared(t('economy'), drive(economyOf), grade, t('byDistance'), points)}
          {compared(
            t('harsh'),
            drive((of) => (of.distanceM === 0 ? null : harshIn100Km(of))),
            (value) => f.decimal(value, 1),
          )}
        </>
      ) : null}
      {may.alerts ? compared(t('alerts'), (of) => of.alerts, f.count) : null}
      {may.money ? (
        <>
          {compared(t('rides'), (of) => Number(of.money.rides), f.count)}
          <MoneyFigure now={now} before={before} change={change} />
        </>
      ) : null}
    </Figures>
  );
}

function MoneyFigure(props: {
  now: Whole;
  before: Whole | null;
  change: (share: number | null) => string | null;
}) {
  const t = useTexts(texts);
  const f = useFormat();
  const { now, before } = props;
  const old = before?.money.gross;
  const share =
    old === undefined ? null : props.change(changeOf(plottedYuan(now.money.gross), plottedYuan(old)));
  const value = old === undefined ? '' : f.money(old, { fen: true });
  return (
    <Figure
      name={t('gross')}
      value={<Amount value={now.money.gross} fen />}
      hint={
        <Lines
          of={[
            old === undefined
              ? null
              : share === null
                ? t('before', { value })
                : t('beforeChange', { value, change: share }),
          ]}
        />
      }
    />
  );
}

function Lines({ of }: { of: ReadonlyArray<string | null | undefined> }): ReactNode {
  return of
    .filter((line) => line !== null && line !== undefined)
    .map((line) => (
      <span key={line} className="f-line">
        {line}
      </span>
    ));
}

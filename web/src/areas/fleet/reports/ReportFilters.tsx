import { Button, Input, Segmented } from 'antd';
import { useEffect, useState } from 'react';
import { useTexts } from '../../../i18n/useTexts';
import { Choice, Filters } from '../../../ui/Filters';
import { useSearchChange } from '../list/useSearchChange';
import { VehicleChoice } from '../roster/VehicleChoice';
import { texts as words } from '../texts';
import { groupings } from './choices';
import { isDay, mostDays, presetSpan, presets, spanFault } from './days';
import { texts } from './texts';
import type { Asked } from './useReport';

/** What a report is of; all of it stands in the address. */
export function ReportFilters(props: {
  asked: Asked;
  today: string;
  /** Drivers that the span knows. */
  drivers: readonly number[];
  mayDrive: boolean;
}) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const change = useSearchChange();
  const { asked, today } = props;
  const { first, last } = asked.span;
  const [from, setFrom] = useState(first);
  const [to, setTo] = useState(last);
  useEffect(() => {
    setFrom(first);
    setTo(last);
  }, [first, last]);
  const fault = isDay(from) && isDay(to) ? spanFault({ first: from, last: to }) : null;
  const enter = (nextFrom: string, nextTo: string) => {
    setFrom(nextFrom);
    setTo(nextTo);
    const isWhole = isDay(nextFrom) && isDay(nextTo);
    if (isWhole && spanFault({ first: nextFrom, last: nextTo }) === null)
      change({ from: nextFrom, to: nextTo });
  };
  const drivers = [...new Set([...props.drivers, ...(asked.driver === undefined ? [] : [asked.driver])])];
  return (
    <>
      <Filters>
        <Input
          type="date"
          aria-label={t('first')}
          title={t('first')}
          style={{ width: 150 }}
          value={from}
          max={today}
          {...(fault === null ? {} : { status: 'error' as const })}
          onChange={({ target }) => enter(target.value, to)}
        />
        <Input
          type="date"
          aria-label={t('last')}
          title={t('last')}
          style={{ width: 150 }}
          value={to}
          max={today}
          {...(fault === null ? {} : { status: 'error' as const })}
          onChange={({ target }) => enter(from, target.value)}
        />
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would draw a frame. */}
        <span className="f-row" role="group" aria-label={t('spans')}>
          {presets.map((preset) => {
            const span = presetSpan(preset, today);
            const isHere = span.first === first && span.last === last;
            return (
              <Button
                key={preset}
                size="small"
                aria-pressed={isHere}
                type={isHere ? 'primary' : 'default'}
                onClick={() => enter(span.first, span.last)}
              >
                {t(preset)}
              </Button>
            );
          })}
        </span>
      </Filters>
      <div role="status">
        {fault === null ? null : <p className="f-none f-bad">{t(fault, { most: mostDays })}</p>}
      </div>
      <Filters>
        <Segmented
          aria-label={t('by')}
          value={asked.by}
          options={groupings.map((value) => ({ value, label: t(`by.${value}`) }))}
          onChange={(by) => change({ by: by === 'day' ? undefined : by })}
        />
        {props.mayDrive ? (
          <VehicleChoice
            value={asked.vehicle}
            canBeNone
            choose={(vehicle) => change({ vehicle })}
            width={180}
          />
        ) : null}
        <Choice
          label={w('driver')}
          value={asked.driver === undefined ? undefined : String(asked.driver)}
          options={drivers
            .toSorted((one, other) => one - other)
            .map((id) => ({ value: String(id), label: w('driverNumber', { id }) }))}
          choose={(id) => change({ driver: id === undefined ? undefined : Number(id) })}
          width={150}
        />
      </Filters>
    </>
  );
}

import { Input } from 'antd';
import { useId } from 'react';
import { useTexts } from '../../../i18n/useTexts';
import { texts } from '../texts';
import type { Days } from './days';

/** Narrows a list to days. */
export function DaysFilter(props: {
  days: Days;
  change: (change: { [which in keyof Days]?: string | undefined }) => void;
}) {
  const { days, change } = props;
  const t = useTexts(texts);
  const id = useId();
  const field = (which: 'from' | 'until', label: string) => (
    <label className="o-day" htmlFor={`${id}-${which}`}>
      <span className="o-quiet">{label}</span>
      <Input
        id={`${id}-${which}`}
        type="date"
        value={days[which] ?? ''}
        {...(which === 'until' && days.from !== undefined ? { min: days.from } : {})}
        {...(which === 'from' && days.until !== undefined ? { max: days.until } : {})}
        onChange={({ target }) => change({ [which]: target.value === '' ? undefined : target.value })}
      />
    </label>
  );
  return (
    <>
      {field('from', t('fromDay'))}
      {field('until', t('untilDay'))}
    </>
  );
}

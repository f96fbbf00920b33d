import { Segmented } from 'antd';
import { useTexts } from '../../../i18n/useTexts';
import { texts } from '../texts';
import { type Days, dayCounts } from './span';
import { useSearchChange } from './useSearchChange';

/** How many days are shown. */
export function DaysChoice({ days }: { days: Days }) {
  const t = useTexts(texts);
  const change = useSearchChange();
  const label = (count: Days) => t(count === 1 ? 'today' : count === 7 ? 'days7' : 'days30');
  return (
    <Segmented<Days>
      size="small"
      aria-label={t('period')}
      value={days}
      options={dayCounts.map((value) => ({ value, label: label(value) }))}
      onChange={(value) => change({ days: value === 7 ? undefined : value })}
    />
  );
}

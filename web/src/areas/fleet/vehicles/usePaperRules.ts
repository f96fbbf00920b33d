import { useTexts } from '../../../i18n/useTexts';
import { bytesOf, isPlate, mostPlateBytes, tidyPlate } from './papers';
import { texts } from './texts';
import { tidyVin, vinFault } from './vin';

/** A rule of a form that says what is wrong, or nothing. */
function rule(check: (typed: string) => string | null) {
  return {
    validator: async (_: unknown, typed: unknown) => {
      const fault = check(typeof typed === 'string' ? typed : '');
      if (fault !== null) throw new Error(fault);
    },
  };
}

/** What the chain demands of a vehicle's papers, said before anything is signed. */
export function usePaperRules() {
  const t = useTexts(texts);
  const bounded = (text: string, most: number) => {
    const count = bytesOf(text).length;
    return count > most ? t('tooLong', { most, count }) : null;
  };
  return {
    vin: rule((typed) => {
      if (typed.trim() === '') return t('missing');
      const fault = vinFault(tidyVin(typed));
      if (fault === null) return null;
      if (fault.kind === 'length') return t('vinLength', { count: fault.count });
      if (fault.kind === 'letter') return t('vinLetter', { place: fault.place });
      return t('vinDigit', { expected: fault.expected });
    }),
    plate: rule((typed) => {
      const plate = tidyPlate(typed);
      if (plate === '') return t('missing');
      return isPlate(plate) ? bounded(plate, mostPlateBytes) : t('plateBad');
    }),
    text: (most: number) =>
      rule((typed) => (typed.trim() === '' ? t('missing') : bounded(typed.trim(), most))),
  };
}

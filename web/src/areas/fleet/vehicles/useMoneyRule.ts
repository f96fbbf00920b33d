import { parseMoney } from '../../../format/money';
import { useTexts } from '../../../i18n/useTexts';
import { moneyTexts } from './moneyTexts';

/** A rule for amounts that people type: none below nothing, none finer than the chain's money. */
export function useMoneyRule() {
  const t = useTexts(moneyTexts);
  return {
    validator: async (_: unknown, typed: unknown) => {
      const read = parseMoney(typeof typed === 'string' ? typed : '');
      if (!read.ok) throw new Error(t(read.trouble));
      if (read.value < 0n) throw new Error(t('negative'));
    },
  };
}

import { defineTexts } from '../../../i18n/texts';

/** What is wrong with an amount that somebody typed. */
export const moneyTexts = defineTexts('fleet.money', {
  en: {
    empty: 'Fill this in. 0 is a gift.',
    not_money: 'That is no amount: write it as 128000 or 128,000.50.',
    too_fine: 'The chain counts to the sixth decimal: leave out the others.',
    too_large: 'The chain knows no amount of this size.',
    negative: 'An amount is not below nothing.',
  },
  zh: {
    empty: '请填写金额，0 表示赠与。',
    not_money: '金额格式不正确，例如 128000 或 128,000.50。',
    too_fine: '链上金额最多六位小数。',
    too_large: '金额超出链上可表示的范围。',
    negative: '金额不能为负。',
  },
});

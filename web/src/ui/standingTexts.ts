import { defineTexts } from '../i18n/texts';

/** Loaded with the pages that show companies. */
export const standingTexts = defineTexts('ui.standing', {
  en: {
    active: 'active',
    suspended: 'suspended by the council',
    expelled: 'expelled',
    lapsed: 'membership ended',
    withoutEnd: 'without end',
  },
  zh: {
    active: '正常',
    suspended: '已被理事会暂停',
    expelled: '已除名',
    lapsed: '会员资格已到期',
    withoutEnd: '长期有效',
  },
});

import { defineTexts } from '../../../i18n/texts';

export const alertTexts = defineTexts('operations.alerts', {
  en: {
    critical: 'Critical',
    warning: 'Warning',
    info: 'Notice',
    severity: 'Urgency',
    began: 'Began',
    newest: 'The newest alerts',
  },
  zh: {
    critical: '严重',
    warning: '警告',
    info: '提示',
    severity: '级别',
    began: '开始时间',
    newest: '最新告警',
  },
});

import { defineTexts } from '../../../i18n/texts';

export const texts = defineTexts('fleet.settings', {
  en: {
    title: 'Settings',
    lead: 'What is watched, what vehicles hold, where messages go, and who may do what.',
    rules: 'Rules',
    capacities: 'Capacities',
    channels: 'Message channels',
    messages: 'Messages',
    people: 'People',
  },
  zh: {
    title: '设置',
    lead: '监测规则、车辆容量、消息通知和人员权限。',
    rules: '规则',
    capacities: '车辆容量',
    channels: '通知渠道',
    messages: '消息',
    people: '人员',
  },
});

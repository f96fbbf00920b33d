import { defineTexts } from '../../../i18n/texts';

export const texts = defineTexts('fleet.settings', {
  en: {
    title: 'Settings',
    lead: 'What is watched, what vehicles hold, where messages go, who may do what, and what the company has in the consortium.',
    rules: 'Rules',
    capacities: 'Capacities',
    channels: 'Message channels',
    messages: 'Messages',
    people: 'People',
    membership: 'Membership',
  },
  zh: {
    title: '设置',
    lead: '监测规则、车辆容量、消息通知、人员权限和联盟会员事务。',
    rules: '规则',
    capacities: '车辆容量',
    channels: '通知渠道',
    messages: '消息',
    people: '人员',
    membership: '联盟会员',
  },
});

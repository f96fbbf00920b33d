import { defineTexts } from '../../../i18n/texts';

export const messageTexts = defineTexts('driver.messages', {
  en: {
    messages: 'Messages',
    unread_one: '{{count}} unread',
    unread_other: '{{count}} unread',
    none: 'No messages yet. What the company and its services have to tell you comes here.',
    markAll: 'Mark all as read',
    toOrder: 'Show the order',
    older: 'Older messages',
    new: 'New',
    order: 'Order',
    money: 'Money',
    papers: 'Papers',
    system: 'System',
  },
  zh: {
    messages: '消息',
    unread_other: '{{count}} 条未读',
    none: '暂无消息。公司和系统发给您的通知会显示在这里。',
    markAll: '全部标为已读',
    toOrder: '查看订单',
    older: '更早的消息',
    new: '新',
    order: '订单',
    money: '资金',
    papers: '证件',
    system: '系统',
  },
});

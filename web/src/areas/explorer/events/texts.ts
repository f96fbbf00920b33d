import { defineTexts } from '../../../i18n/texts';

export const texts = defineTexts('explorer.events', {
  en: {
    title: 'Events',
    lead: 'What happened on the chain, as it says itself.',
    one: 'Event {{id}}',
    byEvent: 'What happened',
    fieldsTitle: 'What it says',
    ofExtrinsic: 'Of extrinsic',
    place: 'Place in the block',
    ofChain: 'Of the chain itself',
  },
  zh: {
    title: '事件',
    lead: '链上发生的事，由链自行记录。',
    one: '事件 {{id}}',
    byEvent: '事件类型',
    fieldsTitle: '内容',
    ofExtrinsic: '所属交易',
    place: '区块内位置',
    ofChain: '链自身产生',
  },
});

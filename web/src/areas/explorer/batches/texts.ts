import { defineTexts } from '../../../i18n/texts';

export const texts = defineTexts('explorer.batches', {
  en: {
    title: 'Batches',
    lead: 'Rides are settled in batches: each adds up, and each ride in it has a receipt.',
    one: 'Batch {{number}} of {{company}}',
    split: 'Who got what',
    receiptsRoot: 'Root over the receipts',
    settledIn: 'Settled in',
    settledBy: 'Brought by',
    ridesTitle: 'Rides of this batch',
    addsUp: 'The rides add up to the batch',
    addsUpText_one:
      'Fare and tolls of its one ride, and the share of each party, are those of the batch to the last millionth of a yuan.',
    addsUpText_other:
      'Fares and tolls of its {{count}} rides, and the share of each party, are those of the batch to the last millionth of a yuan.',
    notAddsUp: 'The rides do not add up to the batch',
    notAddsUpText:
      "The index has {{count}} of {{rides}} rides. What single rides paid is shown only where it was proven by the batch's root.",
    distance: 'Driven',
    shareOf: 'Third party: {{company}}',
    average: 'A ride on average',
  },
  zh: {
    title: '结算批次',
    lead: '行程按批次结算：每批账目平衡，批内每个行程都有收据。',
    one: '{{company}} 第 {{number}} 批',
    split: '分账',
    receiptsRoot: '收据根',
    settledIn: '结算区块',
    settledBy: '提交交易',
    ridesTitle: '批内行程',
    addsUp: '行程合计与批次一致',
    addsUpText_other: '共 {{count}} 个行程：车费、过路费及各方分账合计与批次完全一致，分毫不差。',
    notAddsUp: '行程合计与批次不一致',
    notAddsUpText: '索引中有 {{count}} / {{rides}} 个行程。只有经批次根证明的行程金额才会显示。',
    distance: '行驶里程',
    shareOf: '第三方：{{company}}',
    average: '平均每程',
  },
});

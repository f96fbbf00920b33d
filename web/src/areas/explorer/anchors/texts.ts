import { defineTexts } from '../../../i18n/texts';

export const texts = defineTexts('explorer.anchors', {
  en: {
    title: 'Telemetry anchors',
    lead: 'Companies put the root of each batch of telemetry on chain: no record can be changed or left out afterwards.',
    one: 'Anchor {{number}} of {{company}}',
    records: 'Records',
    range: 'Sequence',
    rangeText: '{{first}} to {{last}}',
    root: 'Root over the records',
    closed: 'Batch closed',
    anchored: 'Anchored',
    previous: 'Anchor before',
    next: 'Anchor after',
    delay: 'Time until on chain',
    checkNote:
      'A single record is proven to this root by the company that holds it: the proof has its path through the batch.',
  },
  zh: {
    title: '遥测存证',
    lead: '各公司将每批遥测数据的根写入链上，此后任何记录都无法篡改或遗漏。',
    one: '{{company}} 第 {{number}} 次存证',
    records: '记录数',
    range: '序号',
    rangeText: '第 {{first}} 至 {{last}} 条',
    root: '记录根',
    closed: '批次封存',
    anchored: '上链时间',
    previous: '上一次存证',
    next: '下一次存证',
    delay: '上链用时',
    checkNote: '单条记录由持有它的公司出具证明，证明中含其在批次内通向该根的路径。',
  },
});

import { defineTexts } from '../../../i18n/texts';

export const texts = defineTexts('explorer.nodes', {
  en: {
    lead: 'Machines that companies registered to join the network, by the keys that they prove to each other.',
    closed: 'The network is closed: only machines that are registered get blocks, state and transactions.',
    open: 'The network is open: any machine may join.',
    none: 'No machine is registered. A company registers its own in the fleet portal, under Settings.',
    label: 'Label',
    peerId: 'Peer id',
    kind: 'Kind',
    search: 'Peer id, key or label',
    registered: 'registered',
    stopped: 'its company may not act',
    stoppedWhy: 'It is kept out until then, unless it validates in the present session.',
    removed: 'removed',
    removedBy: 'removed {{by}}',
  },
  zh: {
    lead: '各公司登记接入网络的节点，以其公钥相互识别。',
    closed: '网络已关闭：仅登记的节点可获取区块、状态和交易。',
    open: '网络已开放：任何节点均可接入。',
    none: '目前没有登记的节点。公司可在车队门户的“设置”中登记。',
    label: '名称',
    peerId: 'Peer id',
    kind: '类型',
    search: 'Peer id、公钥或名称',
    registered: '已登记',
    stopped: '所属公司目前不能操作',
    stoppedWhy: '恢复之前不能接入，但本会话期的验证节点除外。',
    removed: '已移除',
    removedBy: '已移除（{{by}}）',
  },
});

import { defineTexts } from '../i18n/texts';

export const chainTexts = defineTexts('chain', {
  en: {
    connecting: 'Connecting to the chain…',
    lost: 'The connection to the chain is lost. It is tried again by itself; what is shown may be old.',
    stalled:
      'Nothing has become final since {{time}} (block {{block}}). Transactions will wait. Tell the operator if this lasts.',
    wrong:
      'The node belongs to another network ({{found}}, expected {{expected}}). Nothing can be signed. Ask the operator to mend the settings of this portal.',
    closed: 'The connection to the chain was closed. Load the page again.',
    reload: 'Load again',
  },
  zh: {
    connecting: '正在连接区块链……',
    lost: '与区块链的连接已断开，正在自动重连；页面上的数据可能不是最新。',
    stalled: '自 {{time}}（区块 {{block}}）起没有新的区块终结，交易将需要等待。如持续出现请联系运维人员。',
    wrong: '节点属于其他网络（{{found}}，应为 {{expected}}），无法签名。请联系运维人员检查门户配置。',
    closed: '与区块链的连接已关闭，请重新加载页面。',
    reload: '重新加载',
  },
});

/** The system, time, sessions and finality. */
import type { Sentences } from './sentence';

export const system: Sentences = {
  remark: { en: 'Note on the chain: {remark|text}', zh: '在链上留言：{remark|text}' },
  remark_with_event: {
    en: 'Note on the chain, with an event: {remark|text}',
    zh: '在链上留言并产生事件：{remark|text}',
  },
  set_heap_pages: {
    en: 'Set the memory of the runtime to {pages} pages.',
    zh: '将运行时内存设为 {pages} 页。',
  },
  set_code: {
    en: 'Replace the rules of the chain at once by the code given ({code|count} bytes).',
    zh: '立即以所附代码（{code|count} 字节）替换全链规则。',
  },
  set_code_without_checks: {
    en: 'Replace the rules of the chain at once by the code given ({code|count} bytes), without any check.',
    zh: '不经任何检查，立即以所附代码（{code|count} 字节）替换全链规则。',
  },
  set_storage: {
    en: 'Overwrite {items|count} entries of the chain’s state directly.',
    zh: '直接改写链上状态的 {items|count} 个条目。',
  },
  kill_storage: {
    en: 'Delete {keys|count} entries of the chain’s state directly.',
    zh: '直接删除链上状态的 {keys|count} 个条目。',
  },
  kill_prefix: {
    en: 'Delete everything in the chain’s state that begins with {prefix|hash}.',
    zh: '直接删除链上状态中以 {prefix|hash} 开头的全部条目。',
  },
  authorize_upgrade: {
    en: 'Allow an upgrade of the chain to the code with hash {code_hash|hash}.',
    zh: '授权将本链升级到哈希为 {code_hash|hash} 的代码。',
  },
  authorize_upgrade_without_checks: {
    en: 'Allow an upgrade of the chain to the code with hash {code_hash|hash}, without checking its version.',
    zh: '授权将本链升级到哈希为 {code_hash|hash} 的代码，不检查版本。',
  },
  apply_authorized_upgrade: {
    en: 'Upgrade the chain to the code that was authorized ({code|count} bytes).',
    zh: '以已获授权的代码（{code|count} 字节）升级本链。',
  },
};

export const timestamp: Sentences = {
  set: { en: 'Set the time of the block to {now|timeMs}.', zh: '将区块时间设为 {now|timeMs}。' },
};

export const session: Sentences = {
  set_keys: {
    en: 'Set the keys with which your validator takes part.',
    zh: '设置您的验证人的会话密钥。',
  },
  purge_keys: {
    en: 'Drop the keys of your validator. The chain refuses this: a validator leaves by vote of the council.',
    zh: '清除您的验证人会话密钥。本链不允许此操作：验证人须经理事会表决退出。',
  },
};

export const grandpa: Sentences = {
  note_stalled: {
    en: 'Declare that finality stands still: restart it {delay|blocks} after block {best_finalized_block_number}.',
    zh: '声明终结已停滞：在区块 {best_finalized_block_number} 之后 {delay|blocks}重启终结。',
  },
};

export const beefy: Sentences = {
  set_new_genesis: {
    en: 'Begin BEEFY finality anew, {delay_in_blocks|blocks} from now.',
    zh: '在 {delay_in_blocks|blocks}后重新开始 BEEFY 终结。',
  },
};

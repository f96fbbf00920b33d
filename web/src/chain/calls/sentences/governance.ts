/** The council, and what it alone may do. */
import { given, type Sentences } from './sentence';

export const council: Sentences = {
  propose: ({ threshold }) =>
    typeof threshold === 'number' && threshold < 2
      ? { en: 'As a member of the council alone, do:', zh: '以单个理事会成员的名义执行：' }
      : {
          en: 'Propose to the council, which needs {threshold} votes for it:',
          zh: '向理事会提案，须获 {threshold} 票赞成：',
        },
  execute: { en: 'As a member of the council alone, do:', zh: '以单个理事会成员的名义执行：' },
  vote: ({ approve }) =>
    approve
      ? {
          en: 'Vote for motion {index} of the council ({proposal|hash}).',
          zh: '对理事会第 {index} 号动议（{proposal|hash}）投赞成票。',
        }
      : {
          en: 'Vote against motion {index} of the council ({proposal|hash}).',
          zh: '对理事会第 {index} 号动议（{proposal|hash}）投反对票。',
        },
  close: {
    en: 'Close motion {index} of the council ({proposal_hash|hash}): it is carried out if it has the votes.',
    zh: '结束理事会第 {index} 号动议（{proposal_hash|hash}）的表决：票数足够则立即执行。',
  },
  set_members: {
    en: 'Replace the members of the council by: {new_members}. The chain refuses this but with its highest power: who has a seat follows from who is a member.',
    zh: '将理事会成员更换为：{new_members}。除以最高权限执行外，本链不允许此操作：席位随会员资格而定。',
  },
  disapprove_proposal: {
    en: 'Drop the motion {proposal_hash|hash} of the council, whatever its votes.',
    zh: '否决理事会动议 {proposal_hash|hash}，不论票数。',
  },
  kill: {
    en: 'Drop the motion {proposal_hash|hash} of the council and take its deposit.',
    zh: '撤销理事会动议 {proposal_hash|hash} 并没收押金。',
  },
  release_proposal_cost: {
    en: 'Return the deposit of the motion {proposal_hash|hash}, which is over.',
    zh: '退还已结束的动议 {proposal_hash|hash} 的押金。',
  },
};

export const preimage: Sentences = {
  note_preimage: {
    en: 'Put the content of a proposal on the chain, so that it can be voted on by its hash.',
    zh: '将提案内容上链，以便按哈希表决。',
  },
  unnote_preimage: {
    en: 'Remove the content of the proposal with hash {hash|hash} from the chain.',
    zh: '从链上移除哈希为 {hash|hash} 的提案内容。',
  },
  request_preimage: {
    en: 'Ask for the content of the proposal with hash {hash|hash} to be kept.',
    zh: '请求保留哈希为 {hash|hash} 的提案内容。',
  },
  unrequest_preimage: {
    en: 'Stop asking for the content of the proposal with hash {hash|hash}.',
    zh: '不再请求保留哈希为 {hash|hash} 的提案内容。',
  },
  ensure_updated: {
    en: 'Bring {hashes|count} contents of proposals to the present format.',
    zh: '将 {hashes|count} 份提案内容升级到当前格式。',
  },
};

const repeats = (args: { maybe_periodic?: unknown }) => given(args.maybe_periodic);

export const scheduler: Sentences = {
  schedule: (args) =>
    repeats(args)
      ? {
          en: 'At block {when}, and again ({maybe_periodic}), do:',
          zh: '在区块 {when} 首次执行并重复（{maybe_periodic}）：',
        }
      : { en: 'At block {when}, do:', zh: '在区块 {when} 执行：' },
  schedule_named: (args) =>
    repeats(args)
      ? {
          en: 'Under the name {id|text}, at block {when}, and again ({maybe_periodic}), do:',
          zh: '以名称 {id|text} 在区块 {when} 首次执行并重复（{maybe_periodic}）：',
        }
      : { en: 'Under the name {id|text}, at block {when}, do:', zh: '以名称 {id|text} 在区块 {when} 执行：' },
  schedule_after: { en: 'After {after|blocks}, do:', zh: '在 {after|blocks}后执行：' },
  schedule_named_after: {
    en: 'Under the name {id|text}, after {after|blocks}, do:',
    zh: '以名称 {id|text} 在 {after|blocks}后执行：',
  },
  cancel: {
    en: 'Cancel task {index} that is planned for block {when}.',
    zh: '取消计划在区块 {when} 执行的第 {index} 项任务。',
  },
  cancel_named: { en: 'Cancel the task named {id|text}.', zh: '取消名为 {id|text} 的任务。' },
  set_retry: {
    en: 'Let the task {task} be tried again up to {retries} times, every {period|blocks}.',
    zh: '任务 {task} 失败后最多重试 {retries} 次，间隔 {period|blocks}。',
  },
  set_retry_named: {
    en: 'Let the task named {id|text} be tried again up to {retries} times, every {period|blocks}.',
    zh: '名为 {id|text} 的任务失败后最多重试 {retries} 次，间隔 {period|blocks}。',
  },
  cancel_retry: { en: 'Do not try the task {task} again.', zh: '任务 {task} 失败后不再重试。' },
  cancel_retry_named: {
    en: 'Do not try the task named {id|text} again.',
    zh: '名为 {id|text} 的任务失败后不再重试。',
  },
};

export const parameters: Sentences = {
  set_parameter: {
    en: 'Change a parameter of the chain: {key_value}.',
    zh: '修改链参数：{key_value}。',
  },
};

const safeModeOn = {
  en: 'Stop everything but consensus and governance on the whole chain.',
  zh: '使全链进入安全模式：仅保留共识和治理。',
};
const safeModeLonger = { en: 'Prolong the stand of the whole chain.', zh: '延长全链安全模式。' };

export const safeMode: Sentences = {
  enter: safeModeOn,
  force_enter: safeModeOn,
  extend: safeModeLonger,
  force_extend: safeModeLonger,
  force_exit: { en: 'End the stand: let the chain work again.', zh: '解除全链安全模式，恢复正常运行。' },
  force_slash_deposit: {
    en: 'Take the deposit of {account} for safe mode at block {block}.',
    zh: '没收 {account} 在区块 {block} 的安全模式押金。',
  },
  release_deposit: {
    en: 'Return the deposit of {account} for safe mode at block {block}.',
    zh: '退还 {account} 在区块 {block} 的安全模式押金。',
  },
  force_release_deposit: {
    en: 'Return the deposit of {account} for safe mode at block {block} at once.',
    zh: '立即退还 {account} 在区块 {block} 的安全模式押金。',
  },
};

export const txPause: Sentences = {
  pause: {
    en: 'Pause a kind of call for everybody: {full_name}.',
    zh: '对所有人暂停一类操作：{full_name}。',
  },
  unpause: {
    en: 'Allow a kind of call again: {ident}.',
    zh: '恢复一类操作：{ident}。',
  },
};

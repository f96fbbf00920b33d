import { LONGEST } from '../bundle';
import type { Failure, Garbled } from '../ethereum/rpc';
import type { Refusal, Wanted } from '../refusal';
import { MOST } from '../roster';
import type { Value } from '../step';
import type { Verdict } from '../verify';
import type { Words } from '../words';

const steps: Words['steps'] = {
  text: {
    title: '文件完整无损',
    how: '对封签之前的全文计算 keccak；再把读出的内容重新写出，必须与原文逐字节一致。',
  },
  receipt: {
    title: '收据属于所在批次',
    how: '对收据的 107 字节连同其行号计算 keccak，再与各层相邻哈希逐级合并，得到该批次的收据根。',
  },
  batch: {
    title: '批次已写入区块检查点',
    how: '对批次的 152 字节连同其位置计算 keccak，再与各层相邻哈希逐级合并，得到结算区块的检查点根。',
  },
  vehicle: {
    title: '车辆已写入区块检查点',
    how: '对车辆的 81 字节连同其位置计算 keccak，再与各层相邻哈希逐级合并，得到变更所在区块的检查点根。',
  },
  anchor: {
    title: '锚定记录已写入区块检查点',
    how: '对锚定记录的 64 字节连同其位置计算 keccak，再与各层相邻哈希逐级合并，得到收录区块的检查点根。',
  },
  header: {
    title: '区块头属于该区块',
    how: '区块头的 blake2（256 位）必须等于叶子中记录的区块哈希；状态根取自该区块头。',
  },
  state: {
    title: '链上状态中确有此值',
    how: '从状态根沿键逐层向下：每个节点的哈希都必须与上一层所记一致，最后一个节点给出该值，或表明该键不存在。',
  },
  commitment: {
    title: '承诺中载有 MMR 根',
    how: '承诺的载荷中有且仅有一个被签区块的 MMR 根；整份承诺的 keccak 即验证人所签的内容。',
  },
  leaf: {
    title: '区块在被签名的 MMR 之中',
    how: '对该区块叶子的 113 字节计算 keccak，再与证明中的哈希逐级合并，得到被签区块的 MMR 根。',
  },
  set: {
    title: '验证人集合有效',
    how: '地址不重复、不为零；由全部地址构成的默克尔树得出该集合的根。',
  },
  signatures: {
    title: '超过三分之二的验证人已签名',
    how: '由每个签名和被签摘要恢复出公钥地址，必须与其所指的验证人一致。',
  },
  trust: {
    title: '集合与您信任的一致',
    how: '将该集合的根（以及您指定的编号）与您信任的进行比对。',
  },
  contract: {
    title: '以太坊合约予以确认',
    how: '查询合约是否存有该区块被签名的根，以及合约认可哪些验证人集合。',
  },
};

const values: Words['values'] = {
  bytes: '字节数',
  seal: '封签',
  order: '订单号',
  row: '行号（从 0 起）',
  rides: '批次内行程数',
  place: '在检查点中的位置（从 0 起）',
  items: '检查点条目数',
  partners: '相邻哈希数',
  item_hash: '条目哈希',
  leaf_hash: '叶子哈希',
  batch_root: '收据根',
  checkpoint_root: '检查点根',
  header_hash: '区块头哈希',
  header_number: '区块头中的高度',
  block: '区块',
  block_hash: '区块哈希',
  state_root: '状态根',
  nodes: '状态树节点数',
  key: '键',
  value_hash: '值的哈希',
  signed_block: '被签区块',
  mmr_root: '算得的 MMR 根',
  signed_root: '被签名的 MMR 根',
  digest: '被签摘要',
  validators: '验证人数',
  set_number: '集合编号',
  set_root: '集合根',
  signed: '有效签名数',
  wanted: '所需签名数',
  trusted_root: '您信任的根',
  trusted_set: '您信任的编号',
  chain: '以太坊链 ID',
  contract: '合约',
  latest_block: '合约所存最新区块',
  current_set: '合约当前集合',
  next_set: '合约下一集合',
  holds_root: '是否存有该根',
  knows_set: '是否认可该集合',
};

const pathWhy = {
  index: '证明中的序号不小于总数，证明系伪造或已损坏',
  length: '证明中的哈希过多或过少，证明系伪造或已损坏',
  root: '证明得到的是另一个根，条目、证明或根与所称不符',
} as const;

const signerWhy = {
  form: '这不是 secp256k1 签名',
  high_s: 's 位于上半区：每个签名都有第二种写法，此种写法不予接受',
  no_key: '没有任何密钥能产生该签名',
} as const;

const texts = { VIN: '车架号（VIN）', plate: '车牌', model: '车型' } as const;

const garbledWhy: Readonly<Record<Garbled, string>> = {
  long: '内容过长',
  json: '不是 JSON',
  object: '不是对象',
  answer: '答非所问',
  result: '没有结果',
  bytes: '结果不是字节串',
  number: '结果不是 64 位整数',
  hash: '结果不是哈希',
  height: '结果不是区块高度',
  truth: '结果既非是也非否',
  set: '结果不是验证人集合',
};

function shown({ is }: Value): string {
  if (is === 'yes') return '是';
  return is === 'no' ? '否' : is;
}

function wanted(what: Wanted): string {
  switch (what.kind) {
    case 'json':
      return '应为 JSON';
    case 'object':
      return '应为对象';
    case 'fields':
      return '字段与证明文件的规定不符';
    case 'one_field':
      return '应有且仅有一个已知类型的字段';
    case 'list':
      return '应为列表';
    case 'text':
      return '应为文本';
    case 'number':
      return `应为 ${what.bits} 位整数`;
    case 'digits':
      return `应为 ${what.bits} 位整数的十进制数字串`;
    case 'hex':
      return what.bytes === null
        ? '字节应写作 0x 加成对的小写十六进制数字'
        : `应为 ${what.bytes} 字节，写作 0x 加成对的小写十六进制数字`;
    case 'word':
      return `应为下列之一：${what.words.join('、')}`;
  }
}

function refusal(why: Refusal): string {
  switch (why.code) {
    case 'too_long':
      return `文件有 ${why.bytes} 字节，而证明文件最多 ${LONGEST} 字节：这不是证明文件`;
    case 'no_seal':
      return '文件末尾没有封签：它不是证明文件，或被截断，或末尾被添加了内容';
    case 'broken_seal':
      return `文件所载封签为 ${why.written}，而按其内容应为 ${why.found}：文件已损坏或被改动，请重新获取`;
    case 'unread':
      return `无法按证明文件读取：${why.at === '' ? '' : `${why.at} 处`}${wanted(why.wanted)}`;
    case 'other_text':
      return `从第 ${why.byte} 字节起不符合证明文件的写法（JSON 无空白、字段按序、十六进制用小写、数字不带符号和前导零）：请获取原始文件`;
    case 'vehicle_text':
      return `${texts[why.what]}为 ${why.bytes} 字节，任何车辆都不会如此`;
    case 'path':
      return `该条目无法通向所在区块的检查点根：${pathWhy[why.why]}`;
    case 'header':
      return '区块头无法读取：系伪造或已损坏';
    case 'other_header':
      return `区块头属于区块 ${why.number}，哈希为 ${why.hash}，而叶子所指为 ${why.of}：这是另一个区块的区块头`;
    case 'state_node':
      return `状态树节点 ${why.hash} 缺失或被替换：证明系伪造或已损坏`;
    case 'state_form':
      return '状态树中有节点不符合规定的写法：证明系伪造或已损坏';
    case 'state_deep':
      return '状态树路径超过 4096 个节点：不存在这么长的键';
    case 'state_superfluous':
      return '状态证明中含有路径未经过的节点：系伪造或已损坏';
    case 'state_other_value':
      return '链上状态中该键的值与证明文件所载不同';
    case 'payload_order':
      return '承诺载荷的标识未按升序排列：系伪造或已损坏';
    case 'payload_missing':
      return '承诺中没有 MMR 根：载荷的 “mh” 之下没有 32 字节';
    case 'mmr_index':
      return `叶子 ${why.index} 不在被签区块的 ${why.count} 个叶子之中：证明系伪造或已损坏`;
    case 'mmr_length':
      return `MMR 证明有 ${why.found} 个哈希，而 ${why.count} 个叶子中的第 ${why.index} 个应有 ${why.wanted} 个：系伪造或已损坏`;
    case 'other_root':
      return `叶子得到的 MMR 根为 ${why.found}，而被签名的是 ${why.signed}：叶子、证明或承诺与所称不符`;
    case 'set_size':
      return `集合有 ${why.validators} 个验证人，应为 1 至 ${MOST} 个`;
    case 'set_nobody':
      return `集合中第 ${why.place} 个验证人的地址为零，无人能为其签名：集合系伪造或已损坏`;
    case 'set_twice':
      return `${why.validator} 在集合中重复出现，会被重复计数`;
    case 'order':
      return `第 ${why.place} 个签名来自验证人 ${why.by}，未排在前一个之后：每个验证人只能按序签名一次`;
    case 'stranger':
      return `第 ${why.place} 个签名来自验证人 ${why.by}，而集合只有 ${why.validators} 个验证人`;
    case 'no_signer':
      return `验证人 ${why.by} 的签名被拒绝：${signerWhy[why.why]}`;
    case 'other_signer':
      return `验证人 ${why.by} 的签名实际出自 ${why.signer}，而非 ${why.validator}：它属于另一份承诺，或出自他人`;
    case 'too_few':
      return `${why.validators} 个验证人中有 ${why.signed} 个签名，需要 ${why.wanted} 个，即超过三分之二`;
    case 'other_set':
      return `签名的是集合 ${why.set}，其根为 ${why.root}，而您信任的是 ${why.trusted}：它属于另一条链或另一批验证人；请从可信来源获取该集合的根，或获取由您信任的集合签名的证明文件`;
    case 'other_set_number':
      return `签名的是集合 ${why.set}，而您信任的是集合 ${why.trusted}：请获取在该会话期内签名的证明文件`;
    case 'other_chain':
      return `关于区块 0 的叶子哈希为 ${why.found}，而合约所属链为 ${why.genesis}：这是另一条链`;
    case 'contract_knows_neither':
      return `合约没有区块 ${why.block} 的这个根，集合 ${why.set} 也不是其当前集合（${why.current}）或下一集合：证明文件属于另一条链，或由其他时期的验证人签名；请重新获取新近签名的证明文件（合约最新区块为 ${why.latest}）`;
  }
}

function verdict(of: Verdict): string {
  switch (of.kind) {
    case 'refused':
      return `证明不成立：${refusal(of.why)}。`;
    case 'set_from_bundle':
      return `各步骤均成立，但验证人集合取自证明文件本身，任何人都可以编造。请将其根 ${of.by.root} 与您自己的节点或以太坊合约所示进行比对。`;
    case 'proven': {
      if (of.under.by === 'root') return `证明成立，依据是您信任的根 ${of.under.trust.root}。`;
      const { contract, chainId, knows } = of.under;
      const what = knows === 'root' ? '存有被签名的根' : '认可签名的验证人集合';
      return `证明成立，依据是以太坊链 ${chainId} 上的合约 ${contract}：据您的以太坊节点所示，它${what}。`;
    }
  }
}

function failure(why: Failure): string {
  switch (why.code) {
    case 'bad_url':
      return '节点地址无效：请填写以 http:// 或 https:// 开头的地址。';
    case 'bad_address':
      return '合约地址无效：请填写 0x 加 40 位十六进制数字。';
    case 'unreachable':
      return '无法连接以太坊节点，或节点不响应本页面。请检查地址，并确认节点允许跨域请求（CORS）。';
    case 'ended':
      return '在以太坊节点应答之前查询已中止。';
    case 'silent':
      return `以太坊节点在 ${why.seconds} 秒内没有应答。请重试或更换节点。`;
    case 'status':
      return `以太坊节点返回状态码 ${why.status}。请检查地址及其中的密钥（如有）。`;
    case 'garbled':
      return `该地址不是以太坊节点，或合约不是 SmartLinkAnchor：对 ${why.method} 的应答无法读取（${garbledWhy[why.why]}）。请检查两个地址。`;
    case 'refused':
      return `以太坊节点拒绝了 ${why.method}：${why.said}。请确认合约为 SmartLinkAnchor。`;
    case 'no_contract':
      return `以太坊链 ${why.chainId} 的该地址上没有合约。请检查合约地址与网络。`;
  }
}

/** In Chinese, as somebody writes who settles rides and reads blocks. */
export const zh: Words = { steps, values, shown, refusal, verdict, failure };

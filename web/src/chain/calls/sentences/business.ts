/** Companies and their machines, allowances, drivers, vehicles, tariffs, settlement, telemetry. */
import { given, type Sentences, type Template, variantOf } from './sentence';

/** How long a membership lasts. */
const term = (until: unknown): Template =>
  given(until)
    ? { en: 'until {until|time}', zh: '有效期至 {until|time}' }
    : { en: 'without end', zh: '长期有效' };

export const consortium: Sentences = {
  set_active: ({ active }) =>
    active
      ? { en: 'Let {company} act again.', zh: '恢复{company}的业务。' }
      : {
          en: 'Suspend {company}: none of its people can act for it, and it has no vote in the council, until the council lifts this.',
          zh: '暂停{company}的业务：在理事会恢复之前，其人员不能代表该公司操作，该公司在理事会也没有投票权。',
        },
  grant_role: ({ expires }) =>
    given(expires)
      ? {
          en: 'Allow {who} in {company}: {permissions}, until {expires|time}. This replaces any role that {who} has there.',
          zh: '授予 {who} 在{company}的权限：{permissions}，有效期至 {expires|time}。原有角色将被替换。',
        }
      : {
          en: 'Allow {who} in {company}: {permissions}, without expiry. This replaces any role that {who} has there.',
          zh: '授予 {who} 在{company}的权限：{permissions}，长期有效。原有角色将被替换。',
        },
  revoke_role: {
    en: 'Take the role of {who} in {company} away.',
    zh: '撤销 {who} 在{company}的角色。',
  },
  appoint_admin: {
    en: 'Give {who} all permissions in {company}, without expiry.',
    zh: '授予 {who} 在{company}的全部权限，长期有效。',
  },
  enact: {
    en: 'Do the following with the highest power of the chain:',
    zh: '以链上最高权限执行以下操作：',
  },
  apply: {
    en: 'Apply to join the consortium with the company {name|text}, kind {kind}, with treasury {treasury}. Papers whose hashes are shown: {papers|count}. Once it is admitted, you may do everything for it.',
    zh: '申请以{name|text}加入联盟，类型为{kind}，资金账户为 {treasury}，并提交 {papers|count} 份材料的哈希。获准后您将拥有该公司的全部权限。',
  },
  withdraw_application: {
    en: 'Close {application} without admission.',
    zh: '关闭{application}，不予接纳。',
  },
  attest_paper: {
    en: 'Attest paper {index} of {application}, counted from 0, in the name of {company}. The company answers for it from now on, in place of any that attested it before.',
    zh: '以{company}的名义核验{application}的第 {index} 份材料（自 0 起计）。该公司自此对其负责，并取代原核验方。',
  },
  admit: ({ until, seat }) => ({
    en: `Admit {application} to the consortium, ${term(until).en}, ${seat === true ? 'with a seat in the council' : 'without a seat in the council'}. Whoever applied may then do everything for the company.`,
    zh: `接纳{application}加入联盟，${term(until).zh}，${seat === true ? '在理事会设有席位' : '在理事会不设席位'}。申请人将拥有该公司的全部权限。`,
  }),
  expel: {
    en: 'Expel {company} for good, for the reason whose document has the hash {reason|hash}. All its roles are void at once; it loses its seat in the council, its machines in the network and its validators. Its money stays its own.',
    zh: '将{company}永久除名（理由文件的哈希为 {reason|hash}）。其全部角色立即失效，并失去理事会席位、网络节点和验证人；资金仍归其所有。',
  },
  renew: ({ until }) =>
    given(until)
      ? {
          en: 'Let the membership of {company} last until {until|time}.',
          zh: '将{company}的会员资格有效期改为 {until|time}。',
        }
      : {
          en: 'Let the membership of {company} last without end.',
          zh: '将{company}的会员资格改为长期有效。',
        },
  move_seat: {
    en: 'Let {to} vote for {company} in the council, in place of the account that does so now.',
    zh: '由 {to} 代表{company}在理事会投票，取代原席位账户。',
  },
  accept_treasury: {
    en: 'Agree that this account becomes the treasury of the company of {application}. Without that the council cannot admit it.',
    zh: '同意本账户作为{application}所述公司的资金账户。未经同意，理事会不能接纳该公司。',
  },
};

export const nodes: Sentences = {
  register: {
    en: 'Let the machine {node|node} of {company} join the network as a {kind}, called {label|text}.',
    zh: '允许{company}的节点 {node|node} 以{kind}身份加入网络，名称为{label|text}。',
  },
  unregister: {
    en: 'Take the machine {node|node} of {company} off the network: it can no longer join.',
    zh: '将{company}的节点 {node|node} 移出网络，此后不能再接入。',
  },
  remove_by_council: {
    en: 'Take the machine {node|node} off the network. Its company may register it again.',
    zh: '将节点 {node|node} 移出网络，其所属公司可重新登记。',
  },
  set_permissioned: ({ permissioned }) =>
    permissioned
      ? {
          en: 'Close the network to strangers: only machines that members registered may join.',
          zh: '关闭网络：仅会员登记的节点可以接入。',
        }
      : { en: 'Open the network: any machine may join.', zh: '开放网络：任何节点均可接入。' },
};

/** An allowance of nothing. */
const isNothing = (allowance: unknown): boolean =>
  typeof allowance === 'object' && allowance !== null && 'max' in allowance && allowance.max === 0n;

export const allowance: Sentences = {
  draw_on: {
    en: 'Let your fees count against the allowance of {company} from now on, in place of any other employer’s.',
    zh: '此后您的手续费计入{company}的免费额度，不再计入其他公司。',
  },
  set_allowance: ({ allowance: its }) => {
    if (!given(its))
      return {
        en: 'Put {company} back under the allowance that all companies have.',
        zh: '{company}恢复适用统一的免费额度。',
      };
    return isNothing(its)
      ? {
          en: 'Give {company} no allowance: its people pay each fee.',
          zh: '取消{company}的免费额度：其人员须支付每笔手续费。',
        }
      : {
          en: 'Spare {company} fees of up to {allowance.max|money} at a time, of which {allowance.recovery_per_block|money} comes back with each block.',
          zh: '将{company}的免费额度设为 {allowance.max|money}，每个区块恢复 {allowance.recovery_per_block|money}。',
        };
  },
};

export const validators: Sentences = {
  add_validator: {
    en: 'Let {account} validate blocks for {company}, from the session after next.',
    zh: '允许 {account} 代表{company}担任验证人，自下下个会话起生效。',
  },
  remove_validator: {
    en: 'Remove the validator {account}, from the session after next.',
    zh: '移除验证人 {account}，自下下个会话起生效。',
  },
  reinstate: {
    en: 'Forgive the validator {account} what it was reported for, and enable it in the next session.',
    zh: '赦免验证人 {account} 被举报的违规，并在下个会话恢复其资格。',
  },
};

export const drivers: Sentences = {
  enrol: {
    en: 'Enrol the driver with account {account} in {company}.',
    zh: '将账户 {account} 的司机登记到{company}。',
  },
  set_status: ({ status }) => {
    switch (variantOf(status)) {
      case 'Left':
        return { en: 'End the work of {driver} for {company}.', zh: '{driver}从{company}离职。' };
      case 'Suspended':
        return { en: 'Suspend {driver} in {company}.', zh: '暂停{driver}在{company}接单。' };
      default:
        return {
          en: 'Set {driver} in {company} to: {status}.',
          zh: '将{driver}在{company}的状态设为：{status}。',
        };
    }
  },
  set_account: {
    en: 'Move yourself as a driver, with everything you have earned and not withdrawn, to the account {account}. The present account will be no driver’s any more.',
    zh: '将您的司机身份连同未提现的收入转移到账户 {account}。当前账户将不再是司机账户。',
  },
};

export const vehicles: Sentences = {
  register: {
    en: 'Register a vehicle of {company}: VIN {vin|text}, plate {plate|text}, model {model|text}, class {class}.',
    zh: '为{company}登记车辆：车架号 {vin|text}，车牌 {plate|text}，车型 {model|text}，级别{class}。',
  },
  set_plate: {
    en: 'Change the plate of {vehicle} to {plate|text}.',
    zh: '将{vehicle}的车牌变更为 {plate|text}。',
  },
  set_status: ({ status }) =>
    variantOf(status) === 'Scrapped'
      ? {
          en: 'Scrap {vehicle} for good. It can never be in service again.',
          zh: '将{vehicle}永久报废，此后不可恢复。',
        }
      : { en: 'Set {vehicle} to: {status}.', zh: '将{vehicle}的状态设为：{status}。' },
  offer_transfer: ({ price }) =>
    price === 0n
      ? {
          en: 'Offer {vehicle} to {to} as a gift. This replaces any earlier offer of it.',
          zh: '将{vehicle}无偿转让给{to}（待对方接受），原有的转让要约将被替换。',
        }
      : {
          en: 'Offer {vehicle} to {to} for {price}. This replaces any earlier offer of it.',
          zh: '以 {price} 的价格向{to}出售{vehicle}（待对方接受），原有的转让要约将被替换。',
        },
  cancel_offer: {
    en: 'Withdraw or decline the offer of {vehicle}.',
    zh: '撤回或拒绝{vehicle}的转让要约。',
  },
  accept_transfer: ({ price }) =>
    price === 0n
      ? { en: 'Accept {vehicle} as a gift.', zh: '接受无偿转让的{vehicle}。' }
      : {
          en: 'Buy {vehicle} for {price}, paid at once from the treasury of your company to the seller’s.',
          zh: '以 {price} 购买{vehicle}，款项立即从本公司资金账户划至卖方。',
        },
  bind_device: ({ key }) =>
    given(key)
      ? {
          en: 'Bind the device {device|hash} with a key of its own to {vehicle}.',
          zh: '将设备 {device|hash}（含独立密钥）绑定到{vehicle}。',
        }
      : { en: 'Bind the device {device|hash} to {vehicle}.', zh: '将设备 {device|hash} 绑定到{vehicle}。' },
  unbind_device: {
    en: 'Take the device {device|hash} off {vehicle}.',
    zh: '解除设备 {device|hash} 与{vehicle}的绑定。',
  },
};

export const tariffs: Sentences = {
  propose: {
    en: 'Propose a tariff of {company} in city {city} for pick-ups from {from|time} on: base fare {tariff.table.base|money}, {tariff.table.per_km|money} a kilometre, {tariff.table.per_minute|money} a minute, at least {tariff.table.minimum|money}; the driver gets {tariff.split.driver_ppm|ppm}, the platform {tariff.split.platform_ppm|ppm}. Somebody else has to approve it.',
    zh: '提交{company}在城市 {city} 的运价，适用于 {from|time} 起上车的订单：起步价 {tariff.table.base|money}，每公里 {tariff.table.per_km|money}，每分钟 {tariff.table.per_minute|money}，最低消费 {tariff.table.minimum|money}；司机分成 {tariff.split.driver_ppm|ppm}，平台分成 {tariff.split.platform_ppm|ppm}。须由他人审批。',
  },
  approve: {
    en: 'Approve version {version} of the tariff of {company} in city {city}.',
    zh: '批准{company}在城市 {city} 的第 {version} 版运价。',
  },
  reject: {
    en: 'Reject version {version} of the tariff of {company} in city {city}.',
    zh: '驳回{company}在城市 {city} 的第 {version} 版运价。',
  },
};

export const settlement: Sentences = {
  fund: {
    en: 'Move {amount} from the treasury of {company} to its clearing account, from which drivers are paid.',
    zh: '从{company}的资金账户划转 {amount} 至清算账户，用于支付司机。',
  },
  release: {
    en: 'Move {amount} from the clearing account of {company} back to its treasury.',
    zh: '从{company}的清算账户划回 {amount} 至资金账户。',
  },
  settle_batch: {
    en: 'Settle batch {batch.number} of {batch.company}: {batch.orders|count} rides in city {batch.city}. The chain computes the fares.',
    zh: '结算{batch.company}的第 {batch.number} 批行程：城市 {batch.city}，共 {batch.orders|count} 单，车费由链上计算。',
  },
  withdraw: ({ amount }) =>
    given(amount)
      ? {
          en: 'Withdraw {amount} of what seat {seat} has earned in {company} to the driver’s account.',
          zh: '从席位 {seat} 在{company}的收入中提现 {amount} 到司机账户。',
        }
      : {
          en: 'Withdraw everything that seat {seat} has earned in {company} to the driver’s account.',
          zh: '将席位 {seat} 在{company}的全部收入提现到司机账户。',
        },
  settle_by_worker: {
    en: 'Settle batch {batch.number} of {batch.company}, signed by its worker {worker|hash}: {batch.orders|count} rides in city {batch.city}. The chain computes the fares.',
    zh: '结算{batch.company}的第 {batch.number} 批行程（由工作节点 {worker|hash} 签名）：城市 {batch.city}，共 {batch.orders|count} 单，车费由链上计算。',
  },
};

export const telemetry: Sentences = {
  anchor: {
    en: 'Put the roots of {run.batches|count} telemetry batches of {run.company} on the chain, beginning with number {run.first}.',
    zh: '将{run.company}自第 {run.first} 批起的 {run.batches|count} 批遥测数据根上链存证。',
  },
  anchor_by_worker: {
    en: 'Put the roots of {run.batches|count} telemetry batches of {run.company} on the chain, beginning with number {run.first}, signed by its worker {worker|hash}.',
    zh: '将{run.company}自第 {run.first} 批起的 {run.batches|count} 批遥测数据根上链存证（由工作节点 {worker|hash} 签名）。',
  },
  declare_loss: {
    en: 'Declare the telemetry records of {company} from sequence {from} up to, not including, {next} as lost. The gap stays visible for ever.',
    zh: '声明{company}自序号 {from} 起至 {next}（不含）的遥测记录已丢失。该缺口将永久可见。',
  },
};

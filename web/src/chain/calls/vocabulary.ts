/** Words for the values of the chain's enumerations and for permission bits. */
import type { Language } from '../../i18n/setup';

export type Bilingual = Readonly<Record<Language, string>>;

/**
 * Enumerations that have words for each value; `{most}` stands for what a value carries. A test holds them against the metadata.
 */
export const VOCABULARY: Readonly<Record<string, Readonly<Record<string, Bilingual>>>> = {
  CompanyKind: {
    Platform: { en: 'platform', zh: '出行平台' },
    Carrier: { en: 'carrier', zh: '承运商' },
    Shipper: { en: 'shipper', zh: '货主' },
    Insurer: { en: 'insurer', zh: '保险公司' },
    Inspector: { en: 'inspector', zh: '检测机构' },
    Garage: { en: 'garage', zh: '维修厂' },
    Appraiser: { en: 'appraiser', zh: '评估机构' },
    Bank: { en: 'bank', zh: '银行' },
    Auditor: { en: 'auditor', zh: '审计机构' },
    Regulator: { en: 'regulator', zh: '监管机构' },
  },
  NodeKind: {
    Validator: { en: 'validator', zh: '验证节点' },
    Full: { en: 'full node', zh: '全节点' },
    Reader: { en: 'reader', zh: '只读节点' },
  },
  PaperKind: {
    BusinessLicence: { en: 'business licence', zh: '营业执照' },
    TransportLicence: { en: 'transport licence', zh: '运输许可' },
    TaxCertificate: { en: 'tax certificate', zh: '纳税证明' },
    DataSecurityReview: { en: 'data security review', zh: '数据安全评估' },
    Other: { en: 'other', zh: '其他' },
  },
  OffenceKind: {
    Equivocation: { en: 'double signing', zh: '双重签名' },
    Unavailable: { en: 'making no blocks', zh: '长期未出块' },
  },
  Removal: {
    Company: { en: 'by its company', zh: '由所属公司注销' },
    Council: { en: 'by the council', zh: '由理事会移除' },
    Expulsion: { en: 'with the expulsion of its company', zh: '随所属公司除名移除' },
  },
  VehicleClass: {
    Economy: { en: 'economy', zh: '经济型' },
    Comfort: { en: 'comfort', zh: '舒适型' },
    Premium: { en: 'premium', zh: '豪华型' },
    Van: { en: 'van', zh: '商务车' },
    LightTruck: { en: 'light truck', zh: '轻型货车' },
    HeavyTruck: { en: 'heavy truck', zh: '重型货车' },
    Refrigerated: { en: 'refrigerated truck', zh: '冷藏车' },
  },
  VehicleStatus: {
    InService: { en: 'in service', zh: '营运' },
    OutOfService: { en: 'out of service', zh: '停运' },
    Scrapped: { en: 'scrapped', zh: '报废' },
  },
  DriverStatus: {
    Active: { en: 'active', zh: '在职' },
    Suspended: { en: 'suspended', zh: '停岗' },
    Left: { en: 'no longer with the company', zh: '离职' },
  },
  ProxyType: {
    Any: { en: 'everything', zh: '全部操作' },
    Governance: { en: 'votes in the council', zh: '理事会投票' },
    Fleet: {
      en: 'vehicles, devices and drivers, without buying and selling',
      zh: '车辆、设备和司机管理（不含买卖）',
    },
    Settlement: { en: 'ride batches', zh: '提交行程批次' },
    Tariffs: { en: 'tariffs', zh: '运价管理' },
    Telemetry: { en: 'telemetry anchors', zh: '遥测数据存证' },
    Spending: { en: 'transfers of up to {most} each', zh: '转账（每笔不超过 {most}）' },
  },
};

/** Permissions by bit, lowest first, as in the chain's `Permissions`. */
export const PERMISSIONS: readonly Bilingual[] = [
  { en: 'grant roles', zh: '分配角色' },
  { en: 'manage vehicles', zh: '管理车辆' },
  { en: 'manage drivers', zh: '管理司机' },
  { en: 'move money', zh: '调拨资金' },
  { en: 'propose tariffs', zh: '提交运价' },
  { en: 'approve tariffs', zh: '审批运价' },
  { en: 'submit rides', zh: '提交行程' },
  { en: 'run orders and dispatch', zh: '订单与调度' },
  { en: 'read everything', zh: '查看全部数据' },
  { en: 'anchor telemetry', zh: '遥测存证' },
  { en: 'attest papers of applicants', zh: '核验申请材料' },
];

/** All permissions together. */
export const ALL_PERMISSIONS = (1 << PERMISSIONS.length) - 1;

import {
  ApartmentOutlined,
  AuditOutlined,
  BankOutlined,
  BlockOutlined,
  BranchesOutlined,
  CarOutlined,
  ClusterOutlined,
  DashboardOutlined,
  DollarOutlined,
  DownloadOutlined,
  FileDoneOutlined,
  FlagOutlined,
  HddOutlined,
  IdcardOutlined,
  NodeIndexOutlined,
  ProfileOutlined,
  SafetyCertificateOutlined,
  SwapOutlined,
  TagsOutlined,
  TeamOutlined,
} from '@ant-design/icons';
import type { Area } from '../../route/area';

export const area: Area = {
  id: 'explorer',
  text: { en: 'Explorer', zh: '区块浏览器' },
  icon: ApartmentOutlined,
  to: '/explorer',
  menu: [
    {
      text: { en: 'Audit', zh: '审计' },
      items: [
        { to: '/explorer', text: { en: 'Overview', zh: '总览' }, icon: DashboardOutlined },
        { to: '/explorer/verify', text: { en: 'Verify', zh: '验证证明' }, icon: SafetyCertificateOutlined },
        { to: '/explorer/downloads', text: { en: 'Downloads', zh: '数据下载' }, icon: DownloadOutlined },
      ],
    },
    {
      text: { en: 'Chain', zh: '区块链' },
      items: [
        { to: '/explorer/blocks', text: { en: 'Blocks', zh: '区块' }, icon: BlockOutlined },
        { to: '/explorer/extrinsics', text: { en: 'Extrinsics', zh: '交易' }, icon: SwapOutlined },
        { to: '/explorer/events', text: { en: 'Events', zh: '事件' }, icon: ProfileOutlined },
        { to: '/explorer/checkpoints', text: { en: 'Checkpoints', zh: '检查点' }, icon: FlagOutlined },
        { to: '/explorer/validators', text: { en: 'Validators', zh: '验证人' }, icon: ClusterOutlined },
        { to: '/explorer/runtimes', text: { en: 'Runtimes', zh: '运行时' }, icon: BranchesOutlined },
      ],
    },
    {
      text: { en: 'Consortium', zh: '联盟' },
      items: [
        { to: '/explorer/companies', text: { en: 'Companies', zh: '公司' }, icon: BankOutlined },
        { to: '/explorer/applications', text: { en: 'Applications', zh: '入会申请' }, icon: TeamOutlined },
        { to: '/explorer/nodes', text: { en: 'Nodes', zh: '网络节点' }, icon: HddOutlined },
        { to: '/explorer/vehicles', text: { en: 'Vehicles', zh: '车辆' }, icon: CarOutlined },
        { to: '/explorer/drivers', text: { en: 'Drivers', zh: '司机' }, icon: IdcardOutlined },
        { to: '/explorer/tariffs', text: { en: 'Tariffs', zh: '运价' }, icon: TagsOutlined },
      ],
    },
    {
      text: { en: 'Business', zh: '业务' },
      items: [
        { to: '/explorer/rides', text: { en: 'Rides', zh: '行程' }, icon: FileDoneOutlined },
        { to: '/explorer/batches', text: { en: 'Batches', zh: '结算批次' }, icon: AuditOutlined },
        { to: '/explorer/money', text: { en: 'Money', zh: '资金' }, icon: DollarOutlined },
        { to: '/explorer/anchors', text: { en: 'Telemetry', zh: '遥测存证' }, icon: NodeIndexOutlined },
      ],
    },
  ],
};

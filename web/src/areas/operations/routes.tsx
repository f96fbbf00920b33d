import {
  AuditOutlined,
  BankOutlined,
  CarOutlined,
  ControlOutlined,
  DashboardOutlined,
  FileTextOutlined,
  IdcardOutlined,
  KeyOutlined,
  MailOutlined,
  ProfileOutlined,
  TagsOutlined,
  TeamOutlined,
} from '@ant-design/icons';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { OrderState } from '../../api/methods';
import { needs } from '../../route/access';
import type { Area } from '../../route/area';
import { rootRoute } from '../../route/root';
import { orderStates } from './orders/states';
import { type Days, daysIn } from './parts/days';
import { isDriverNumber } from './parts/driverNumber';

const top = createRoute({
  getParentRoute: () => rootRoute,
  path: '/operations',
});

const staff = needs('operations', 'finance', 'personnel', 'auditor', 'admin');

const cockpit = createRoute({
  getParentRoute: () => top,
  path: '/',
  beforeLoad: staff,
  validateSearch: (search: Record<string, unknown>): { readonly wall?: true } =>
    search.wall === true ? { wall: true } : {},
  component: lazyRouteComponent(() => import('./cockpit/CockpitPage'), 'CockpitPage'),
});

type Search = Readonly<Record<string, unknown>>;

/** A text of the search, or nothing; numbers of an address are texts here. */
function text<K extends string>(search: Search, key: K): { readonly [P in K]?: string } {
  const value = search[key];
  const written = typeof value === 'number' ? String(value) : value;
  return (typeof written === 'string' && written !== '' ? { [key]: written } : {}) as {
    readonly [P in K]?: string;
  };
}

const orders = createRoute({
  getParentRoute: () => top,
  path: 'orders',
  beforeLoad: needs('operations', 'auditor'),
  validateSearch: (
    search: Search,
  ): Days & { readonly state?: OrderState; readonly driver?: string; readonly cursor?: string } => {
    const state = orderStates.find((known) => known === search.state);
    return {
      ...(state === undefined ? {} : { state }),
      ...(isDriverNumber(text(search, 'driver').driver) ? text(search, 'driver') : {}),
      ...daysIn(search),
      ...text(search, 'cursor'),
    };
  },
  component: lazyRouteComponent(() => import('./orders/OrdersPage'), 'OrdersPage'),
});

const order = createRoute({
  getParentRoute: () => top,
  path: 'orders/$order',
  beforeLoad: needs('operations', 'auditor'),
  component: lazyRouteComponent(() => import('./orders/OrderPage'), 'OrderPage'),
});

// What they show is public on the chain, and who signs has her permission there: nobody has to be logged in.
const tariffs = createRoute({
  getParentRoute: () => top,
  path: 'tariffs',
  component: lazyRouteComponent(() => import('./tariffs/TariffsPage'), 'TariffsPage'),
});

const newTariff = createRoute({
  getParentRoute: () => top,
  path: 'tariffs/new',
  validateSearch: (search: Search): { readonly from?: string } => text(search, 'from'),
  component: lazyRouteComponent(() => import('./tariffs/NewTariffPage'), 'NewTariffPage'),
});

const tariff = createRoute({
  getParentRoute: () => top,
  path: 'tariffs/$tariff',
  component: lazyRouteComponent(() => import('./tariffs/TariffPage'), 'TariffPage'),
});

const drivers = createRoute({
  getParentRoute: () => top,
  path: 'drivers',
  beforeLoad: staff,
  validateSearch: (
    search: Search,
  ): { readonly tab?: 'duty'; readonly state?: string; readonly cursor?: number } => ({
    ...(search.tab === 'duty' ? { tab: 'duty' } : {}),
    ...text(search, 'state'),
    ...(typeof search.cursor === 'number' && Number.isInteger(search.cursor)
      ? { cursor: search.cursor }
      : {}),
  }),
  component: lazyRouteComponent(() => import('./drivers/DriversPage'), 'DriversPage'),
});

const driver = createRoute({
  getParentRoute: () => top,
  path: 'drivers/$driver',
  beforeLoad: staff,
  component: lazyRouteComponent(() => import('./drivers/DriverPage'), 'DriverPage'),
});

const audit = createRoute({
  getParentRoute: () => top,
  path: 'audit',
  beforeLoad: needs('operations', 'auditor', 'admin'),
  validateSearch: (
    search: Search,
  ): Days & { readonly account?: string; readonly method?: string; readonly cursor?: string } => ({
    ...text(search, 'account'),
    ...text(search, 'method'),
    ...daysIn(search),
    ...text(search, 'cursor'),
  }),
  component: lazyRouteComponent(() => import('./audit/AuditPage'), 'AuditPage'),
});

// As tariffs: whoever reads the chain may read these.
const companies = createRoute({
  getParentRoute: () => top,
  path: 'companies',
  component: lazyRouteComponent(() => import('./companies/CompaniesPage'), 'CompaniesPage'),
});

const company = createRoute({
  getParentRoute: () => top,
  path: 'companies/$company',
  component: lazyRouteComponent(() => import('./companies/CompanyPage'), 'CompanyPage'),
});

const applications = createRoute({
  getParentRoute: () => top,
  path: 'companies/applications',
  component: lazyRouteComponent(() => import('./applications/ApplicationsPage'), 'ApplicationsPage'),
});

const apply = createRoute({
  getParentRoute: () => top,
  path: 'companies/applications/new',
  component: lazyRouteComponent(() => import('./applications/ApplyPage'), 'ApplyPage'),
});

const application = createRoute({
  getParentRoute: () => top,
  path: 'companies/applications/$application',
  component: lazyRouteComponent(() => import('./applications/ApplicationPage'), 'ApplicationPage'),
});

const council = createRoute({
  getParentRoute: () => top,
  path: 'council',
  component: lazyRouteComponent(() => import('./council/CouncilPage'), 'CouncilPage'),
});

const propose = createRoute({
  getParentRoute: () => top,
  path: 'council/propose',
  validateSearch: (
    search: Search,
  ): {
    readonly what?: string;
    readonly company?: string;
    readonly application?: string;
    readonly motion?: string;
    readonly call?: string;
  } => ({
    ...text(search, 'what'),
    ...text(search, 'company'),
    ...text(search, 'application'),
    ...text(search, 'motion'),
    ...text(search, 'call'),
  }),
  component: lazyRouteComponent(() => import('./council/ProposePage'), 'ProposePage'),
});

const keys = createRoute({
  getParentRoute: () => top,
  path: 'keys',
  validateSearch: (search: Search): { readonly account?: string } => text(search, 'account'),
  component: lazyRouteComponent(() => import('./keys/KeysPage'), 'KeysPage'),
});

const calls = createRoute({
  getParentRoute: () => top,
  path: 'calls',
  component: lazyRouteComponent(() => import('./calls/CallsPage'), 'CallsPage'),
});

const vehicles = createRoute({
  getParentRoute: () => top,
  path: 'vehicles',
  beforeLoad: staff,
  validateSearch: (search: Search): { readonly days?: 30 } => (search.days === 30 ? { days: 30 } : {}),
  component: lazyRouteComponent(() => import('./vehicles/VehiclesPage'), 'VehiclesPage'),
});

const letters = createRoute({
  getParentRoute: () => top,
  path: 'letters',
  beforeLoad: needs('operations', 'auditor'),
  validateSearch: (search: Search): { readonly cursor?: string } => text(search, 'cursor'),
  component: lazyRouteComponent(() => import('./letters/LettersPage'), 'LettersPage'),
});

const configuration = createRoute({
  getParentRoute: () => top,
  path: 'configuration',
  beforeLoad: staff,
  validateSearch: (search: Search): { readonly key?: string; readonly own?: true } => ({
    ...text(search, 'key'),
    ...(search.own === true ? { own: true } : {}),
  }),
  component: lazyRouteComponent(() => import('./configuration/ConfigurationPage'), 'ConfigurationPage'),
});

export const routes = top.addChildren([
  cockpit,
  orders,
  order,
  tariffs,
  newTariff,
  tariff,
  drivers,
  driver,
  vehicles,
  companies,
  company,
  applications,
  apply,
  application,
  council,
  propose,
  calls,
  keys,
  configuration,
  audit,
  letters,
]);

export const area: Area = {
  id: 'operations',
  text: { en: 'Operations', zh: '运营' },
  icon: DashboardOutlined,
  to: '/operations',
  roles: ['operations', 'finance', 'personnel', 'auditor', 'admin'],
  menu: [
    {
      text: { en: 'Rides', zh: '出行业务' },
      items: [
        { to: '/operations', text: { en: 'Cockpit', zh: '驾驶舱' }, icon: DashboardOutlined },
        {
          to: '/operations/orders',
          text: { en: 'Orders', zh: '订单' },
          icon: ProfileOutlined,
          roles: ['operations', 'auditor'],
        },
        { to: '/operations/drivers', text: { en: 'Drivers', zh: '司机' }, icon: IdcardOutlined },
        { to: '/operations/tariffs', text: { en: 'Tariffs', zh: '运价' }, icon: TagsOutlined },
        { to: '/operations/vehicles', text: { en: 'Vehicles', zh: '车辆统计' }, icon: CarOutlined },
      ],
    },
    {
      text: { en: 'Consortium', zh: '联盟' },
      items: [
        { to: '/operations/companies', text: { en: 'Companies', zh: '公司' }, icon: BankOutlined },
        { to: '/operations/council', text: { en: 'Council', zh: '理事会' }, icon: TeamOutlined },
        { to: '/operations/calls', text: { en: 'Call from a file', zh: '操作文件' }, icon: FileTextOutlined },
        { to: '/operations/keys', text: { en: 'Keys', zh: '密钥与代理' }, icon: KeyOutlined },
      ],
    },
    {
      text: { en: 'System', zh: '系统' },
      items: [
        {
          to: '/operations/configuration',
          text: { en: 'Configuration', zh: '配置' },
          icon: ControlOutlined,
        },
        {
          to: '/operations/audit',
          text: { en: 'Audit log', zh: '审计日志' },
          icon: AuditOutlined,
          roles: ['operations', 'auditor', 'admin'],
        },
        {
          to: '/operations/letters',
          text: { en: 'Undelivered', zh: '未送达消息' },
          icon: MailOutlined,
          roles: ['operations', 'auditor'],
        },
      ],
    },
  ],
};

import {
  AuditOutlined,
  DashboardOutlined,
  IdcardOutlined,
  ProfileOutlined,
  TagsOutlined,
} from '@ant-design/icons';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { OrderState } from '../../api/methods';
import { needs } from '../../route/access';
import type { Area } from '../../route/area';
import { rootRoute } from '../../route/root';
import { orderStates } from './orders/states';

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
  validateSearch: (search: Search): { readonly state?: OrderState; readonly cursor?: string } => {
    const state = orderStates.find((known) => known === search.state);
    return { ...(state === undefined ? {} : { state }), ...text(search, 'cursor') };
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
  ): { readonly account?: string; readonly method?: string; readonly cursor?: string } => ({
    ...text(search, 'account'),
    ...text(search, 'method'),
    ...text(search, 'cursor'),
  }),
  component: lazyRouteComponent(() => import('./audit/AuditPage'), 'AuditPage'),
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
  audit,
]);

export const area: Area = {
  id: 'operations',
  text: { en: 'Operations', zh: '运营' },
  icon: DashboardOutlined,
  to: '/operations',
  roles: ['operations', 'finance', 'personnel', 'auditor', 'admin'],
  menu: [
    { to: '/operations', text: { en: 'Cockpit', zh: '驾驶舱' }, icon: DashboardOutlined },
    {
      to: '/operations/orders',
      text: { en: 'Orders', zh: '订单' },
      icon: ProfileOutlined,
      roles: ['operations', 'auditor'],
    },
    { to: '/operations/drivers', text: { en: 'Drivers', zh: '司机' }, icon: IdcardOutlined },
    { to: '/operations/tariffs', text: { en: 'Tariffs', zh: '运价' }, icon: TagsOutlined },
    {
      to: '/operations/audit',
      text: { en: 'Audit log', zh: '审计日志' },
      icon: AuditOutlined,
      roles: ['operations', 'auditor', 'admin'],
    },
  ],
};

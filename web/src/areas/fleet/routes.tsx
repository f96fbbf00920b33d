import {
  AimOutlined,
  AuditOutlined,
  BarChartOutlined,
  BellOutlined,
  CarOutlined,
  IdcardOutlined,
  MobileOutlined,
  NodeIndexOutlined,
  ProfileOutlined,
  RadarChartOutlined,
  SettingOutlined,
} from '@ant-design/icons';
import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import type { Role } from '../../api/role';
import { session } from '../../api/session';
import { needs } from '../../route/access';
import type { Area } from '../../route/area';
import { rootRoute } from '../../route/root';
import { orderStates } from './orders/order';
import { groupings, metrics } from './reports/choices';
import { oneOf, text, whole } from './search';
import { classes } from './settings/rules/classes';

/** Who sees what vehicles report (docs/api.md). */
const watching: readonly Role[] = ['fleet', 'operations', 'auditor'];
const staffing: readonly Role[] = ['fleet', 'personnel', 'operations', 'auditor'];
const ordering: readonly Role[] = ['fleet', 'finance', 'operations', 'auditor'];
const billing: readonly Role[] = ['finance', 'auditor', 'admin'];
const alertStates = ['open', 'acknowledged', 'closed'] as const;
const days = [1, 7, 30] as const;

const top = createRoute({
  getParentRoute: () => rootRoute,
  path: '/fleet',
  beforeLoad: needs('fleet', 'personnel', 'finance', 'operations', 'auditor', 'admin'),
});

const home = createRoute({
  getParentRoute: () => top,
  path: '/',
  beforeLoad: () => {
    const mayWatch = session.now()?.roles.some((role) => watching.includes(role)) === true;
    throw redirect({ to: mayWatch ? '/fleet/live' : '/fleet/vehicles' });
  },
});

const live = createRoute({
  getParentRoute: () => top,
  path: '/live',
  beforeLoad: needs(...watching),
  validateSearch: (search) => ({
    ...whole(search, 'vehicle'),
    ...text(search, 'q'),
    ...oneOf(search, 'state', ['alert', 'moving', 'idle', 'offline']),
  }),
  component: lazyRouteComponent(() => import('./live/LivePage'), 'LivePage'),
});

const vehicles = createRoute({
  getParentRoute: () => top,
  path: '/vehicles',
  validateSearch: (search) => ({
    ...text(search, 'q'),
    ...oneOf(search, 'which', ['in', 'out']),
    ...oneOf(search, 'status', ['InService', 'OutOfService', 'Scrapped']),
    ...whole(search, 'page'),
  }),
  component: lazyRouteComponent(() => import('./vehicles/VehiclesPage'), 'VehiclesPage'),
});

const vehicle = createRoute({
  getParentRoute: () => top,
  path: '/vehicles/$vehicle',
  validateSearch: (search) => ({
    ...oneOf(search, 'tab', ['stops', 'days', 'alerts']),
    ...oneOf(search, 'days', days),
  }),
  component: lazyRouteComponent(() => import('./vehicles/VehiclePage'), 'VehiclePage'),
});

const track = createRoute({
  getParentRoute: () => top,
  path: '/track',
  beforeLoad: needs(...watching),
  validateSearch: (search) => ({
    ...whole(search, 'vehicle'),
    ...whole(search, 'from'),
    ...whole(search, 'until'),
  }),
  component: lazyRouteComponent(() => import('./track/TrackPage'), 'TrackPage'),
});

const alerts = createRoute({
  getParentRoute: () => top,
  path: '/alerts',
  beforeLoad: needs(...watching),
  validateSearch: (search) => ({
    ...whole(search, 'vehicle'),
    ...text(search, 'kind'),
    ...oneOf(search, 'state', alertStates),
    ...text(search, 'alert'),
    ...text(search, 'cursor'),
  }),
  component: lazyRouteComponent(() => import('./alerts/AlertsPage'), 'AlertsPage'),
});

const fences = createRoute({
  getParentRoute: () => top,
  path: '/fences',
  beforeLoad: needs(...watching),
  validateSearch: (search) => whole(search, 'fence'),
  component: lazyRouteComponent(() => import('./fences/FencesPage'), 'FencesPage'),
});

const devices = createRoute({
  getParentRoute: () => top,
  path: '/devices',
  beforeLoad: needs(...watching),
  validateSearch: (search) => ({
    ...oneOf(search, 'tab', ['strangers']),
    ...whole(search, 'vehicle'),
    ...text(search, 'cursor'),
  }),
  component: lazyRouteComponent(() => import('./devices/DevicesPage'), 'DevicesPage'),
});

const device = createRoute({
  getParentRoute: () => top,
  path: '/devices/$terminal',
  beforeLoad: needs(...watching),
  component: lazyRouteComponent(() => import('./devices/DevicePage'), 'DevicePage'),
});

const drivers = createRoute({
  getParentRoute: () => top,
  path: '/drivers',
  beforeLoad: needs(...staffing),
  validateSearch: (search) => ({
    ...oneOf(search, 'tab', ['enrolled', 'reports']),
    ...oneOf(search, 'days', days),
    ...whole(search, 'cursor'),
  }),
  component: lazyRouteComponent(() => import('./drivers/DriversPage'), 'DriversPage'),
});

const orders = createRoute({
  getParentRoute: () => top,
  path: '/orders',
  beforeLoad: needs(...ordering),
  validateSearch: (search) => ({
    ...oneOf(search, 'state', orderStates),
    ...text(search, 'order'),
    ...text(search, 'cursor'),
  }),
  component: lazyRouteComponent(() => import('./orders/OrdersPage'), 'OrdersPage'),
});

const bills = createRoute({
  getParentRoute: () => top,
  path: '/bills',
  beforeLoad: needs(...billing),
  validateSearch: (search) => ({ ...oneOf(search, 'days', days), ...text(search, 'cursor') }),
  component: lazyRouteComponent(() => import('./bills/BillsPage'), 'BillsPage'),
});

const reports = createRoute({
  getParentRoute: () => top,
  path: '/reports',
  validateSearch: (search) => ({
    ...text(search, 'from'),
    ...text(search, 'to'),
    ...oneOf(search, 'by', groupings),
    ...oneOf(search, 'show', metrics),
    ...whole(search, 'vehicle'),
    ...whole(search, 'driver'),
  }),
  component: lazyRouteComponent(() => import('./reports/ReportsPage'), 'ReportsPage'),
});

const settings = createRoute({
  getParentRoute: () => top,
  path: '/settings',
  validateSearch: (search) => ({
    ...oneOf(search, 'tab', ['rules', 'capacities', 'people', 'membership', 'channels', 'messages']),
    ...oneOf(search, 'class', ['all', ...classes]),
    ...oneOf(search, 'view', ['effective']),
    ...text(search, 'q'),
    ...whole(search, 'vehicle'),
  }),
  component: lazyRouteComponent(() => import('./settings/SettingsPage'), 'SettingsPage'),
});

export const routes = top.addChildren([
  home,
  live,
  vehicles,
  vehicle,
  track,
  alerts,
  fences,
  devices,
  device,
  drivers,
  orders,
  bills,
  reports,
  settings,
]);

export const area: Area = {
  id: 'fleet',
  text: { en: 'Fleet', zh: '车队' },
  icon: CarOutlined,
  to: '/fleet',
  roles: ['fleet', 'personnel', 'finance', 'operations', 'auditor', 'admin'],
  menu: [
    {
      text: { en: 'Monitoring', zh: '车辆监控' },
      items: [
        { to: '/fleet/live', text: { en: 'Live map', zh: '实时地图' }, icon: AimOutlined, roles: watching },
        { to: '/fleet/vehicles', text: { en: 'Vehicles', zh: '车辆' }, icon: CarOutlined },
        {
          to: '/fleet/track',
          text: { en: 'Track replay', zh: '轨迹回放' },
          icon: NodeIndexOutlined,
          roles: watching,
        },
        { to: '/fleet/alerts', text: { en: 'Alerts', zh: '告警' }, icon: BellOutlined, roles: watching },
        {
          to: '/fleet/fences',
          text: { en: 'Geofences', zh: '电子围栏' },
          icon: RadarChartOutlined,
          roles: watching,
        },
        { to: '/fleet/devices', text: { en: 'Devices', zh: '终端' }, icon: MobileOutlined, roles: watching },
      ],
    },
    {
      text: { en: 'Company', zh: '公司经营' },
      items: [
        { to: '/fleet/drivers', text: { en: 'Drivers', zh: '司机' }, icon: IdcardOutlined, roles: staffing },
        { to: '/fleet/orders', text: { en: 'Orders', zh: '订单' }, icon: ProfileOutlined, roles: ordering },
        { to: '/fleet/bills', text: { en: 'Bills', zh: '账单与对账' }, icon: AuditOutlined, roles: billing },
        { to: '/fleet/reports', text: { en: 'Reports', zh: '报表' }, icon: BarChartOutlined },
        { to: '/fleet/settings', text: { en: 'Settings', zh: '设置' }, icon: SettingOutlined },
      ],
    },
  ],
};

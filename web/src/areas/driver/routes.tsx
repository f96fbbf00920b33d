import {
  CarOutlined,
  IdcardOutlined,
  ProfileOutlined,
  UserOutlined,
  WalletOutlined,
} from '@ant-design/icons';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { needs } from '../../route/access';
import type { Area } from '../../route/area';
import { rootRoute } from '../../route/root';
import { InboxIcon } from './messages/InboxIcon';
import { filterSearch } from './orders/filter';

const top = createRoute({
  getParentRoute: () => rootRoute,
  path: '/driver',
  beforeLoad: needs('driver'),
  component: lazyRouteComponent(() => import('./DriverLayout'), 'DriverLayout'),
});

const home = createRoute({
  getParentRoute: () => top,
  path: '/',
  component: lazyRouteComponent(() => import('./home/HomePage'), 'HomePage'),
});

const orders = createRoute({
  getParentRoute: () => top,
  path: 'orders',
  validateSearch: filterSearch,
  component: lazyRouteComponent(() => import('./orders/OrdersPage'), 'OrdersPage'),
});

const order = createRoute({
  getParentRoute: () => top,
  path: 'orders/$order',
  component: lazyRouteComponent(() => import('./orders/OrderPage'), 'OrderPage'),
});

const earnings = createRoute({
  getParentRoute: () => top,
  path: 'earnings',
  component: lazyRouteComponent(() => import('./earnings/EarningsPage'), 'EarningsPage'),
});

const messages = createRoute({
  getParentRoute: () => top,
  path: 'messages',
  component: lazyRouteComponent(() => import('./messages/MessagesPage'), 'MessagesPage'),
});

const me = createRoute({
  getParentRoute: () => top,
  path: 'me',
  component: lazyRouteComponent(() => import('./me/MePage'), 'MePage'),
});

export const routes = top.addChildren([home, orders, order, earnings, messages, me]);

export const area: Area = {
  id: 'driver',
  text: { en: 'Driver', zh: '司机' },
  icon: IdcardOutlined,
  to: '/driver',
  roles: ['driver'],
  menu: [
    {
      items: [
        { to: '/driver', text: { en: 'Work', zh: '接单' }, icon: CarOutlined },
        { to: '/driver/orders', text: { en: 'Orders', zh: '订单' }, icon: ProfileOutlined },
        { to: '/driver/earnings', text: { en: 'Earnings', zh: '收入' }, icon: WalletOutlined },
        { to: '/driver/messages', text: { en: 'Messages', zh: '消息' }, icon: InboxIcon },
        { to: '/driver/me', text: { en: 'Me', zh: '我的' }, icon: UserOutlined },
      ],
    },
  ],
};

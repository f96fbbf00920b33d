import { createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { ownPath } from '../route/ownPath';
import { rootRoute } from '../route/root';
import { Loading } from '../ui/answers';
import { areaRoutes } from './areas';
import { NotFound, RouteError } from './ErrorPages';
import { Shell } from './Shell';

const home = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  component: lazyRouteComponent(() => import('./HomePage'), 'HomePage'),
});

const login = createRoute({
  getParentRoute: () => rootRoute,
  path: '/login',
  validateSearch: (search): { from?: string } => {
    const from = ownPath(search['from']);
    return from === undefined ? {} : { from };
  },
  component: lazyRouteComponent(() => import('./login/LoginPage'), 'LoginPage'),
});

rootRoute.update({ component: Shell });

export const router = createRouter({
  routeTree: rootRoute.addChildren([home, login, ...areaRoutes]),
  defaultPreload: 'intent',
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: RouteError,
  defaultPendingComponent: () => <Loading rows={6} />,
  defaultPendingMs: 300,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../route/root';
import { exportSearch } from './downloads/request';
import { type PageAt, pageAt } from './list/paging';
import { subjectSearch } from './verify/subject';

export { area } from './area';

type Search = Readonly<Record<string, unknown>>;

/** A text of the search, or nothing. */
function text<K extends string>(search: Search, key: K): { readonly [P in K]?: string } {
  const value = search[key];
  const written = typeof value === 'number' ? String(value) : value;
  return (typeof written === 'string' && written !== '' ? { [key]: written } : {}) as {
    readonly [P in K]?: string;
  };
}

/** The block of an earlier state, or nothing. */
function block(search: Search): { readonly at?: number } {
  return typeof search.at === 'number' && Number.isInteger(search.at) && search.at >= 0
    ? { at: search.at }
    : {};
}

function tab(search: Search): { readonly tab?: string } {
  return text(search, 'tab');
}

const top = createRoute({ getParentRoute: () => rootRoute, path: '/explorer' });

const overview = createRoute({
  getParentRoute: () => top,
  path: '/',
  component: lazyRouteComponent(() => import('./overview/OverviewPage'), 'OverviewPage'),
});

const blocks = createRoute({
  getParentRoute: () => top,
  path: 'blocks',
  validateSearch: (search): PageAt => pageAt(search),
  component: lazyRouteComponent(() => import('./blocks/BlocksPage'), 'BlocksPage'),
});

const blockPage = createRoute({
  getParentRoute: () => top,
  path: 'blocks/$block',
  validateSearch: (search): PageAt & { readonly tab?: string } => ({ ...pageAt(search), ...tab(search) }),
  component: lazyRouteComponent(() => import('./blocks/BlockPage'), 'BlockPage'),
});

const extrinsics = createRoute({
  getParentRoute: () => top,
  path: 'extrinsics',
  validateSearch: (
    search,
  ): PageAt & { readonly call?: string; readonly result?: string; readonly signer?: string } => ({
    ...pageAt(search),
    ...text(search, 'call'),
    ...text(search, 'result'),
    ...text(search, 'signer'),
  }),
  component: lazyRouteComponent(() => import('./extrinsics/ExtrinsicsPage'), 'ExtrinsicsPage'),
});

const extrinsic = createRoute({
  getParentRoute: () => top,
  path: 'extrinsics/$extrinsic',
  component: lazyRouteComponent(() => import('./extrinsics/ExtrinsicPage'), 'ExtrinsicPage'),
});

const events = createRoute({
  getParentRoute: () => top,
  path: 'events',
  validateSearch: (search): PageAt & { readonly event?: string } => ({
    ...pageAt(search),
    ...text(search, 'event'),
  }),
  component: lazyRouteComponent(() => import('./events/EventsPage'), 'EventsPage'),
});

const event = createRoute({
  getParentRoute: () => top,
  path: 'events/$event',
  component: lazyRouteComponent(() => import('./events/EventPage'), 'EventPage'),
});

const account = createRoute({
  getParentRoute: () => top,
  path: 'accounts/$account',
  validateSearch: (search): PageAt & { readonly at?: number; readonly tab?: string } => ({
    ...pageAt(search),
    ...block(search),
    ...tab(search),
  }),
  component: lazyRouteComponent(() => import('./accounts/AccountPage'), 'AccountPage'),
});

const companies = createRoute({
  getParentRoute: () => top,
  path: 'companies',
  validateSearch: (search): PageAt => pageAt(search),
  component: lazyRouteComponent(() => import('./companies/CompaniesPage'), 'CompaniesPage'),
});

const company = createRoute({
  getParentRoute: () => top,
  path: 'companies/$company',
  validateSearch: (search): PageAt & { readonly at?: number; readonly tab?: string } => ({
    ...pageAt(search),
    ...block(search),
    ...tab(search),
  }),
  component: lazyRouteComponent(() => import('./companies/CompanyPage'), 'CompanyPage'),
});

const applications = createRoute({
  getParentRoute: () => top,
  path: 'applications',
  validateSearch: (search): PageAt & { readonly state?: string } => ({
    ...pageAt(search),
    ...text(search, 'state'),
  }),
  component: lazyRouteComponent(() => import('./applications/ApplicationsPage'), 'ApplicationsPage'),
});

const application = createRoute({
  getParentRoute: () => top,
  path: 'applications/$application',
  component: lazyRouteComponent(() => import('./applications/ApplicationPage'), 'ApplicationPage'),
});

const nodes = createRoute({
  getParentRoute: () => top,
  path: 'nodes',
  validateSearch: (
    search,
  ): PageAt & {
    readonly node?: string;
    readonly company?: string;
    readonly kind?: string;
    readonly state?: string;
  } => ({
    ...pageAt(search),
    ...text(search, 'node'),
    ...text(search, 'company'),
    ...text(search, 'kind'),
    ...text(search, 'state'),
  }),
  component: lazyRouteComponent(() => import('./nodes/NodesPage'), 'NodesPage'),
});

const vehicles = createRoute({
  getParentRoute: () => top,
  path: 'vehicles',
  validateSearch: (
    search,
  ): PageAt & {
    readonly company?: string;
    readonly status?: string;
    readonly plate?: string;
  } => ({
    ...pageAt(search),
    ...text(search, 'company'),
    ...text(search, 'status'),
    ...text(search, 'plate'),
  }),
  component: lazyRouteComponent(() => import('./vehicles/VehiclesPage'), 'VehiclesPage'),
});

const vehicle = createRoute({
  getParentRoute: () => top,
  path: 'vehicles/$vehicle',
  validateSearch: (search): { readonly at?: number } => block(search),
  component: lazyRouteComponent(() => import('./vehicles/VehiclePage'), 'VehiclePage'),
});

const drivers = createRoute({
  getParentRoute: () => top,
  path: 'drivers',
  validateSearch: (search): PageAt & { readonly company?: string; readonly status?: string } => ({
    ...pageAt(search),
    ...text(search, 'company'),
    ...text(search, 'status'),
  }),
  component: lazyRouteComponent(() => import('./drivers/DriversPage'), 'DriversPage'),
});

const driver = createRoute({
  getParentRoute: () => top,
  path: 'drivers/$driver',
  validateSearch: (search): PageAt & { readonly at?: number } => ({ ...pageAt(search), ...block(search) }),
  component: lazyRouteComponent(() => import('./drivers/DriverPage'), 'DriverPage'),
});

const tariffs = createRoute({
  getParentRoute: () => top,
  path: 'tariffs',
  validateSearch: (search): PageAt & { readonly company?: string; readonly state?: string } => ({
    ...pageAt(search),
    ...text(search, 'company'),
    ...text(search, 'state'),
  }),
  component: lazyRouteComponent(() => import('./tariffs/TariffsPage'), 'TariffsPage'),
});

const tariff = createRoute({
  getParentRoute: () => top,
  path: 'tariffs/$tariff',
  component: lazyRouteComponent(() => import('./tariffs/TariffPage'), 'TariffPage'),
});

const batches = createRoute({
  getParentRoute: () => top,
  path: 'batches',
  validateSearch: (search): PageAt & { readonly company?: string } => ({
    ...pageAt(search),
    ...text(search, 'company'),
  }),
  component: lazyRouteComponent(() => import('./batches/BatchesPage'), 'BatchesPage'),
});

const batch = createRoute({
  getParentRoute: () => top,
  path: 'batches/$batch',
  validateSearch: (search): PageAt => pageAt(search),
  component: lazyRouteComponent(() => import('./batches/BatchPage'), 'BatchPage'),
});

const rides = createRoute({
  getParentRoute: () => top,
  path: 'rides',
  validateSearch: (
    search,
  ): PageAt & { readonly company?: string; readonly kind?: string; readonly order?: string } => ({
    ...pageAt(search),
    ...text(search, 'company'),
    ...text(search, 'kind'),
    ...text(search, 'order'),
  }),
  component: lazyRouteComponent(() => import('./rides/RidesPage'), 'RidesPage'),
});

const ride = createRoute({
  getParentRoute: () => top,
  path: 'rides/$ride',
  component: lazyRouteComponent(() => import('./rides/RidePage'), 'RidePage'),
});

const anchors = createRoute({
  getParentRoute: () => top,
  path: 'anchors',
  validateSearch: (search): PageAt & { readonly company?: string } => ({
    ...pageAt(search),
    ...text(search, 'company'),
  }),
  component: lazyRouteComponent(() => import('./anchors/AnchorsPage'), 'AnchorsPage'),
});

const anchor = createRoute({
  getParentRoute: () => top,
  path: 'anchors/$anchor',
  component: lazyRouteComponent(() => import('./anchors/AnchorPage'), 'AnchorPage'),
});

const checkpoints = createRoute({
  getParentRoute: () => top,
  path: 'checkpoints',
  validateSearch: (search): PageAt => pageAt(search),
  component: lazyRouteComponent(() => import('./checkpoints/CheckpointsPage'), 'CheckpointsPage'),
});

const validators = createRoute({
  getParentRoute: () => top,
  path: 'validators',
  validateSearch: (search): PageAt => pageAt(search),
  component: lazyRouteComponent(() => import('./validators/ValidatorsPage'), 'ValidatorsPage'),
});

const runtimes = createRoute({
  getParentRoute: () => top,
  path: 'runtimes',
  component: lazyRouteComponent(() => import('./runtimes/RuntimesPage'), 'RuntimesPage'),
});

const money = createRoute({
  getParentRoute: () => top,
  path: 'money',
  validateSearch: (search): PageAt & { readonly at?: number; readonly tab?: string } => ({
    ...pageAt(search),
    ...block(search),
    ...tab(search),
  }),
  component: lazyRouteComponent(() => import('./money/MoneyPage'), 'MoneyPage'),
});

const search = createRoute({
  getParentRoute: () => top,
  path: 'search',
  validateSearch: (from): { readonly q?: string } => text(from, 'q'),
  component: lazyRouteComponent(() => import('./search/SearchPage'), 'SearchPage'),
});

const downloads = createRoute({
  getParentRoute: () => top,
  path: 'downloads',
  validateSearch: exportSearch,
  component: lazyRouteComponent(() => import('./downloads/DownloadsPage'), 'DownloadsPage'),
});

const verify = createRoute({
  getParentRoute: () => top,
  path: 'verify',
  validateSearch: subjectSearch,
  component: lazyRouteComponent(() => import('./verify/VerifyPage'), 'VerifyPage'),
});

export const routes = top.addChildren([
  overview,
  blocks,
  blockPage,
  extrinsics,
  extrinsic,
  events,
  event,
  account,
  companies,
  company,
  applications,
  application,
  nodes,
  vehicles,
  vehicle,
  drivers,
  driver,
  tariffs,
  tariff,
  batches,
  batch,
  rides,
  ride,
  anchors,
  anchor,
  checkpoints,
  validators,
  runtimes,
  money,
  search,
  downloads,
  verify,
]);

import { area as driver, routes as driverRoutes } from '../areas/driver/routes';
import { area as explorer, routes as explorerRoutes } from '../areas/explorer/routes';
import { area as fleet, routes as fleetRoutes } from '../areas/fleet/routes';
import { area as operations, routes as operationsRoutes } from '../areas/operations/routes';
import type { Area } from '../route/area';

export const areas: readonly Area[] = [explorer, fleet, operations, driver];

export const areaRoutes = [explorerRoutes, fleetRoutes, operationsRoutes, driverRoutes] as const;

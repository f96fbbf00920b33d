import { createRootRoute } from '@tanstack/react-router';

/** The route above all others. `app/` gives it its layout; areas hang their routes on it. */
export const rootRoute = createRootRoute();

import { useQueryClient } from '@tanstack/react-query';
import { Outlet, useLocation } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useFollow, useSession } from '../../api/hooks';
import { NoPermission } from '../../route/access';
import { Loading } from '../../ui/answers';
import { useNarrow } from '../../ui/useNarrow';
import { OfferSheet } from './offer/OfferSheet';
import { useInstallable } from './useInstallable';
import { useWork } from './work/context';
import { WorkProvider } from './work/WorkProvider';
import './driver.css';

// The map is the largest part: the page is there before it.
const DriverMap = lazy(async () => ({ default: (await import('./home/DriverMap')).DriverMap }));

/** What is around a driver's pages: work goes on whatever page is open. */
export function DriverLayout() {
  const who = useSession();
  useInstallable();
  if (who === null) return null;
  if (who.driver === undefined) throw new NoPermission(['driver']);
  return (
    <WorkProvider key={who.account} driver={who.driver} account={who.account}>
      <Inbox />
      <Column />
      <OfferSheet />
    </WorkProvider>
  );
}

/** On phones the map lies above the page where one works; on wide screens beside every page. */
function Column() {
  const narrow = useNarrow(992);
  const path = useLocation({ select: (location) => location.pathname.replace(/\/$/, '') });
  const { ride } = useWork();
  const map = !narrow || path === '/driver';
  return (
    <div className={map ? 'd-layout d-with-map' : 'd-layout'}>
      {map ? (
        <div className={ride === null ? 'd-map-place' : 'd-map-place d-map-ride'}>
          <Suspense fallback={<Loading rows={4} />}>
            <DriverMap />
          </Suspense>
        </div>
      ) : null}
      <div className="d-column">
        <Outlet />
      </div>
    </div>
  );
}

/** New messages make the list, and the mark on the menu, old. */
function Inbox() {
  const queries = useQueryClient();
  useFollow(
    'inbox_subscribe',
    {},
    { next: () => void queries.invalidateQueries({ queryKey: ['api', 'inbox_list'] }) },
  );
  return null;
}

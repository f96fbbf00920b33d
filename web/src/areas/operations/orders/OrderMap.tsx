import { useCall, useMay } from '../../../api/hooks';
import type { Order, Place } from '../../../api/methods';
import { useTexts } from '../../../i18n/useTexts';
import { boundsOf, datumOf, type LngLat, MapView, PointLayer, toMap } from '../../../map';
import { portal } from '../../../portal';
import { isOver } from './states';
import { texts } from './texts';

/** How far around the pick-up the driver is looked for, in metres. */
const radius = 20_000;

/** Pick-up and destination, and the driver while she comes or drives. */
export function OrderMap({ order }: { order: Order }) {
  const t = useTexts(texts);
  const { tiles } = portal();
  const datum = datumOf(tiles);
  const at = (place: Pick<Place, 'longitude' | 'latitude'> | undefined): LngLat | null =>
    place === undefined ? null : toMap([place.longitude, place.latitude], datum);
  const pickup = at(order.origin);
  const destination = at(order.destination);
  const driver = at(useDriverPlace(order));
  const everything = () => boundsOf([pickup, destination, driver].filter((place) => place !== null));
  const bounds = everything();
  if (bounds === null) return <p className="o-none">{t('noPlaces')}</p>;
  return (
    <div className="o-stack o-tight">
      <div className="o-map">
        <MapView label={t('mapOf')} tiles={tiles} initial={{ bounds }} everything={everything} embedded>
          <PointLayer
            pickup={pickup}
            destination={destination}
            driver={driver === null ? null : { place: driver }}
          />
        </MapView>
      </div>
      {isOver(order.state) ? null : <p className="o-note">{t('driverNear')}</p>}
    </div>
  );
}

/** Where the order's driver was last, while there is one with a fresh position near the pick-up. */
function useDriverPlace(order: Order) {
  const isAllowed = useMay('fleet_nearby');
  const { origin, offer } = order;
  const enabled = isAllowed && origin !== undefined && offer !== undefined && !isOver(order.state);
  const { data } = useCall(
    'fleet_nearby',
    { latitude: origin?.latitude ?? 0, longitude: origin?.longitude ?? 0, radius_m: radius, limit: 200 },
    { enabled, refetchInterval: 5_000 },
  );
  if (!enabled) return undefined;
  return data?.drivers.find(({ driver }) => driver === offer.driver)?.position;
}

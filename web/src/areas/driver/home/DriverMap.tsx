import { useEffect, useEffectEvent, useState } from 'react';
import type { Place } from '../../../api/methods';
import { useTexts } from '../../../i18n/useTexts';
import { boundsOf, datumOf, type LngLat, type MapHandle, MapView, PointLayer, toMap } from '../../../map';
import { portal } from '../../../portal';
import { texts } from '../texts';
import { useWork } from '../work/context';
import { offeredOrder } from '../work/feed';

/** Without a position nothing is assumed: the map shows China from afar. */
const afar = { centre: [105, 35] as LngLat, zoom: 3 };

/** Where the driver is, and where the offer or the ride goes. */
export function DriverMap() {
  const t = useTexts(texts);
  const { feed, ride, tracking } = useWork();
  const [handle, setHandle] = useState<MapHandle | null>(null);
  const { tiles } = portal();
  const datum = datumOf(tiles);
  const at = (place: Pick<Place, 'longitude' | 'latitude'> | null | undefined): LngLat | null =>
    place == null ? null : toMap([place.longitude, place.latitude], datum);
  const order = offeredOrder(feed) ?? ride;
  const inVehicle = order?.state === 'picked_up' || order?.state === 'in_trip';
  const pickup = at(order?.origin);
  const destination = at(order?.destination);
  const { fix } = tracking;
  const here = at(fix);
  const everything = () => boundsOf([here, pickup, destination].filter((place) => place !== null));

  // The map follows to what there is to see: the first position, another order, another state of it. A handle comes
  // anew when the map is there.
  const show = useEffectEvent((map: MapHandle) => {
    const bounds = everything();
    if (bounds === null) return;
    if (order === null && here !== null) map.goTo(here, 14);
    else map.fit(bounds);
  });
  const scene = `${here === null} ${order?.id ?? ''} ${inVehicle}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another scene is shown anew.
  useEffect(() => {
    if (handle !== null) show(handle);
  }, [handle, scene]);

  return (
    <MapView
      ref={setHandle}
      label={t('map')}
      tiles={tiles}
      initial={here === null ? afar : { centre: here, zoom: 14 }}
      everything={everything}
      className="d-map"
    >
      <PointLayer
        pickup={pickup}
        destination={destination}
        driver={here === null ? null : { place: here, heading: fix?.heading ?? null }}
      />
    </MapView>
  );
}

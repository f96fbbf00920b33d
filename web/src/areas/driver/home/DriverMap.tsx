import { useEffect, useEffectEvent, useState } from 'react';
import { useSession } from '../../../api/hooks';
import type { Place } from '../../../api/methods';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import {
  boundsOf,
  cityAt,
  type Datum,
  datumOf,
  type LngLat,
  type MapHandle,
  MapView,
  PointLayer,
  toMap,
  type View,
} from '../../../map';
import { portal } from '../../../portal';
import { lastPlace } from '../position/lastPlace';
import { texts } from '../texts';
import { useWork } from '../work/context';
import { offeredOrder } from '../work/feed';
import { cityQuery } from './queries';

/** Streets can be told apart. */
const streets = 14;
/** The inner city is seen whole. */
const wholeCity = 11;
/** Who was nowhere, and whose company has no city yet: the map shows China from afar. */
const afar: View = { centre: [105, 35], zoom: 3 };

/** Where the driver is, and where the offer or the ride goes. */
export function DriverMap() {
  const t = useTexts(texts);
  const { feed, ride, tracker, tracking, driver } = useWork();
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

  useEffect(() => void tracker.look(), [tracker]);
  const [last] = useState(() => lastPlace(window.localStorage, driver));
  const near = here ?? at(last);
  const city = useCity(near === null, datum);
  const around: View =
    near !== null
      ? { centre: near, zoom: streets }
      : city !== null
        ? { centre: city, zoom: wholeCity }
        : afar;
  const everything = () =>
    boundsOf([order === null ? near : here, pickup, destination].filter((place) => place !== null));

  // The map follows to what there is to see: the first position, another order, another state of it. A handle comes
  // anew when the map is there.
  const show = useEffectEvent((map: MapHandle) => {
    const bounds = everything();
    if (order === null || bounds === null) map.goTo(around.centre, around.zoom);
    else map.fit(bounds);
  });
  const scene = `${here === null} ${around.zoom} ${order?.id ?? ''} ${inVehicle}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another scene is shown anew.
  useEffect(() => {
    if (handle !== null) show(handle);
  }, [handle, scene]);

  return (
    <MapView
      ref={setHandle}
      label={t('map')}
      tiles={tiles}
      initial={around}
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

/** The middle of the city where the company works, as the map has it. */
function useCity(wanted: boolean, datum: Datum): LngLat | null {
  const company = useSession()?.company ?? 0;
  const asked = useAsk(cityQuery, { company }, { enabled: wanted, staleTime: Number.POSITIVE_INFINITY });
  const code = asked.data?.tariffs[0]?.city ?? null;
  const city = code === null ? null : cityAt(code);
  return city === null ? null : toMap(city, datum);
}

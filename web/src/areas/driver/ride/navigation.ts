// Links that open a map app with a destination.
import type { Place } from '../../../api/methods';
import { placeName } from './PlaceLine';

/** Whatever map app the phone has (RFC 5870; Android asks which). */
export function geoLink(place: Place): string {
  const at = `${place.latitude},${place.longitude}`;
  return `geo:${at}?q=${at}(${encodeURIComponent(placeName(place))})`;
}

/** Amap, which opens its app where there is one and its page where there is none. It shifts WGS 84 by itself. */
export function amapLink(place: Place): string {
  const to = `${place.longitude},${place.latitude},${placeName(place).replaceAll(',', ' ')}`;
  const query = new URLSearchParams({ to, mode: 'car', coordinate: 'wgs84', callnative: '1' });
  return `https://uri.amap.com/navigation?${query}`;
}

import type { Place } from '../../../api/methods';

/** What a place is called, or where it is. */
export function placeName(place: Place | undefined): string {
  if (place === undefined) return '…';
  if (place.name !== undefined && place.name !== '') return place.name;
  return `${place.latitude.toFixed(4)}, ${place.longitude.toFixed(4)}`;
}

import type { Place } from '../../../api/methods';
import { useTexts } from '../../../i18n/useTexts';
import { texts } from '../texts';

/** A place's name, or where it is in degrees. */
export function placeName(place: Place): string {
  const name = place.name?.trim() ?? '';
  return name === '' ? `${place.latitude.toFixed(5)}, ${place.longitude.toFixed(5)}` : name;
}

/** One end of a ride, with what there is to say of the way. */
export function PlaceLine(props: {
  kind: 'pickup' | 'destination';
  place: Place;
  note?: ReadonlyArray<string | null>;
}) {
  const t = useTexts(texts);
  const notes = (props.note ?? []).filter((one) => one !== null);
  return (
    <div className={`d-place d-place-${props.kind}`}>
      <span className="d-place-kind">{t(props.kind)}</span>
      <strong>{placeName(props.place)}</strong>
      {notes.length === 0 ? null : <span className="d-quiet">{notes.join(' · ')}</span>}
    </div>
  );
}

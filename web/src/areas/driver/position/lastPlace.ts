// Where a driver was last, for her map to begin there. It stays on this phone, and is no closer than a hundred metres or so.
import * as v from 'valibot';

const keyOf = (driver: number) => `smartlink.driver.place.${driver}`;

const schema = v.object({
  latitude: v.pipe(v.number(), v.minValue(-90), v.maxValue(90)),
  longitude: v.pipe(v.number(), v.minValue(-180), v.maxValue(180)),
});

export type LastPlace = Readonly<v.InferOutput<typeof schema>>;

type Kept = Pick<Storage, 'getItem' | 'setItem'>;

export function lastPlace(storage: Kept, driver: number): LastPlace | null {
  try {
    return v.parse(schema, JSON.parse(storage.getItem(keyOf(driver)) ?? ''));
  } catch {
    return null;
  }
}

export function keepPlace(storage: Kept, driver: number, { latitude, longitude }: LastPlace): void {
  const rough = (degrees: number) => Math.round(degrees * 1e3) / 1e3;
  const place: LastPlace = { latitude: rough(latitude), longitude: rough(longitude) };
  try {
    storage.setItem(keyOf(driver), JSON.stringify(place));
  } catch {
    // A full or closed storage: the map begins in the city next time.
  }
}

import type { Map as MapLibre } from 'maplibre-gl';
import { createContext, use } from 'react';
import type { Language } from '../i18n/setup';
import type { Palette } from './base/palette';
import type { Datum } from './base/tiles';

/** What layers know of the map they are in. */
export type MapContext = {
  readonly map: MapLibre;
  readonly colours: Palette;
  readonly language: Language;
  /** What coordinates on this map are in. */
  readonly datum: Datum;
  /** Whether the user wants less motion. */
  readonly still: boolean;
};

export const Context = createContext<MapContext | null>(null);

/**
 * The map around a component.
 *
 * @throws outside of a MapView
 */
export function useMap(): MapContext {
  const context = use(Context);
  if (!context) throw new Error('a layer of a map is outside of MapView: put it inside');
  return context;
}

import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTexts } from '../i18n/useTexts';
import { Anchored } from './Anchored';
import { useMap } from './context';
import { type LngLat, latitudeOf, longitudeOf } from './geo/place';
import { addRanked, isThere } from './layers';
import { type FleetPositions, VEHICLE_STATES, type VehicleState } from './motion/fleet';
import { StateMark } from './StateMark';
import { mapTexts } from './texts';
import { VehicleDrawing } from './vehicles/drawing';
import { type Clustering, useClusters } from './vehicles/useClusters';
import { usePointing } from './vehicles/usePointing';

export type VehiclesLayerProps = {
  /** Where they are. The page makes it once and puts reports into it as they come: nothing is rendered anew by that. */
  readonly fleet: FleetPositions;
  /** The vehicle with a ring around it. */
  readonly selected?: number | null;
  /** A vehicle, or none, was clicked. Missing: nothing can be selected. */
  readonly onSelect?: (vehicle: number | null) => void;
  /** What the card beside a vehicle says that is pointed at. Missing: there is no card. */
  readonly card?: (vehicle: number) => ReactNode;
  /** When vehicles are put together to one mark with their number. Null: never. */
  readonly clustering?: Clustering | null;
  /** Whether the states, and how many are in each, are explained in a corner. */
  readonly legend?: boolean;
};

/** From a map of a country on, and for more than a screen takes. */
const USUAL_CLUSTERING: Clustering = { belowZoom: 9, from: 200 };
const NO_CLUSTERING: Clustering = { belowZoom: 0, from: Number.POSITIVE_INFINITY };

/** Vehicles that move: thousands of them. */
export function VehiclesLayer(props: VehiclesLayerProps) {
  const { map, colours, still } = useMap();
  const { fleet, selected = null } = props;
  const drawing = useRef<VehicleDrawing | null>(null);
  const firstColours = useRef(colours);
  const clustering = props.clustering === null ? NO_CLUSTERING : (props.clustering ?? USUAL_CLUSTERING);
  const hidden = useClusters(fleet, clustering);
  const pointed = usePointing(fleet, hidden, props.onSelect);

  useEffect(() => {
    const made = new VehicleDrawing(fleet, firstColours.current);
    drawing.current = made;
    addRanked(map, made);
    // MapLibre restores its own layers after the graphics card was lost, and not those of others.
    const restore = () => {
      if (!map.getLayer(made.id)) addRanked(map, made);
    };
    map.on('webglcontextrestored', restore);
    return () => {
      if (!isThere(map)) return;
      map.off('webglcontextrestored', restore);
      if (map.getLayer(made.id)) map.removeLayer(made.id);
    };
  }, [map, fleet]);
  useEffect(() => {
    fleet.gliding = !still;
  }, [fleet, still]);
  useEffect(() => {
    firstColours.current = colours;
    drawing.current?.paint(colours);
  }, [colours]);
  useEffect(() => {
    if (!drawing.current) return;
    drawing.current.chosen = selected;
    drawing.current.hidden = hidden;
    drawing.current.changed();
  }, [selected, hidden]);

  const shown = pointed !== null && fleet.rowOf(pointed) !== undefined ? pointed : null;
  return (
    <>
      {props.card && shown !== null && (
        <Anchored at={() => placeOf(fleet, shown)}>{props.card(shown)}</Anchored>
      )}
      {props.legend !== false && <Legend fleet={fleet} />}
    </>
  );
}

function placeOf(fleet: FleetPositions, vehicle: number): LngLat | null {
  const row = fleet.rowOf(vehicle);
  if (row === undefined) return null;
  const { x, y } = fleet.shown(row, performance.now());
  return [longitudeOf(x), latitudeOf(y)];
}

/** How often the numbers of the legend are counted, in milliseconds. */
const COUNT_MS = 1_000;

function Legend({ fleet }: { fleet: FleetPositions }) {
  const t = useTexts(mapTexts);
  const { colours } = useMap();
  const [counts, setCounts] = useState<Record<VehicleState, number>>(() => fleet.counts());
  useEffect(() => {
    let counted = -1;
    const count = () => {
      if (fleet.revision === counted) return;
      counted = fleet.revision;
      setCounts(fleet.counts());
    };
    count();
    const timer = setInterval(count, COUNT_MS);
    return () => clearInterval(timer);
  }, [fleet]);
  const all = VEHICLE_STATES.reduce((sum, state) => sum + counts[state], 0);
  return (
    <section className="slk-map-panel slk-map-legend" aria-label={t('vehiclesShown', { count: all })}>
      {VEHICLE_STATES.toReversed().map((state) => (
        <span key={state}>
          <StateMark state={state} colour={colours[state]} outline={colours.outline} />
          {t(state)} {counts[state]}
        </span>
      ))}
    </section>
  );
}

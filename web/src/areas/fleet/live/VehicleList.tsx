import { useEffect, useRef, useState } from 'react';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { StateTag } from '../../../ui/StateTag';
import { useNow } from '../../../ui/useNow';
import type { LiveFleet } from './liveFleet';
import { texts } from './texts';
import { lookTones } from './VehicleCard';

/** Height of a row in pixels. */
const rowPx = 58;
/** Rows beyond the window, above and below. */
const spare = 6;

export interface ListedVehicle {
  readonly id: number;
  readonly plate: string;
  readonly model: string;
}

/** Vehicles below each other. Only those in the window are there, so thousands cost nothing. */
export function VehicleList(props: {
  fleet: LiveFleet;
  vehicles: readonly ListedVehicle[];
  selected: number | undefined;
  select: (vehicle: number) => void;
}) {
  const place = useRef<HTMLUListElement>(null);
  const [seen, setSeen] = useState({ top: 0, height: 600 });
  useEffect(() => {
    const list = place.current;
    if (list === null) return;
    const look = () => setSeen({ top: list.scrollTop, height: list.clientHeight });
    look();
    const watcher = new ResizeObserver(look);
    watcher.observe(list);
    list.addEventListener('scroll', look, { passive: true });
    return () => {
      watcher.disconnect();
      list.removeEventListener('scroll', look);
    };
  }, []);
  const { vehicles } = props;
  const from = Math.max(0, Math.floor(seen.top / rowPx) - spare);
  const until = Math.min(vehicles.length, Math.ceil((seen.top + seen.height) / rowPx) + spare);
  return (
    <ul className="f-plain f-panel-body" ref={place}>
      <li aria-hidden="true" style={{ height: from * rowPx }} />
      {vehicles.slice(from, until).map((vehicle) => (
        <li key={vehicle.id} style={{ height: rowPx }}>
          <Row {...props} vehicle={vehicle} />
        </li>
      ))}
      <li aria-hidden="true" style={{ height: (vehicles.length - until) * rowPx }} />
    </ul>
  );
}

function Row(props: {
  fleet: LiveFleet;
  vehicle: ListedVehicle;
  selected: number | undefined;
  select: (vehicle: number) => void;
}) {
  const t = useTexts(texts);
  const f = useFormat();
  const now = useNow(5_000);
  const { fleet, vehicle, selected, select } = props;
  const state = fleet.state(vehicle.id);
  const look = fleet.look(vehicle.id);
  const isMoving = state?.online === true && state.fix !== undefined;
  return (
    <button
      type="button"
      className={selected === vehicle.id ? 'f-item f-item-here' : 'f-item'}
      style={{ height: rowPx }}
      aria-pressed={selected === vehicle.id}
      onClick={() => select(vehicle.id)}
    >
      <span className="f-item-name">{vehicle.plate}</span>
      <StateTag tone={lookTones[look]} text={t(look)} />
      <span className="f-item-sub">{vehicle.model}</span>
      <span className="f-item-sub f-item-end numbers">
        {isMoving
          ? f.speed(state.fix.speed_kmh)
          : state === undefined
            ? ''
            : f.ago(state.heard_ms, Math.max(now, state.heard_ms))}
      </span>
    </button>
  );
}

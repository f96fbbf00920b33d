import type { MapMouseEvent } from 'maplibre-gl';
import { useEffect, useRef, useState } from 'react';
import { useMap } from '../context';
import { mercatorX, mercatorY } from '../geo/place';
import { isThere } from '../layers';
import type { FleetPositions } from '../motion/fleet';
import { vehicleAt } from './picking';

/** The vehicle that is pointed at, and tells of those that are clicked. Null: none. */
export function usePointing(
  fleet: FleetPositions,
  hidden: ReadonlySet<number>,
  onSelect: ((vehicle: number | null) => void) | undefined,
): number | null {
  const { map } = useMap();
  const [pointed, setPointed] = useState<number | null>(null);
  const latest = useRef({ hidden, onSelect });
  latest.current = { hidden, onSelect };
  useEffect(() => {
    const at = (event: MapMouseEvent) => {
      const place = { x: mercatorX(event.lngLat.lng), y: mercatorY(event.lngLat.lat) };
      return vehicleAt(fleet, place, map.getZoom(), performance.now(), latest.current.hidden);
    };
    let frame = 0;
    const point = (event: MapMouseEvent) => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => {
        if (!isThere(map)) return;
        const vehicle = at(event);
        setPointed(vehicle);
        if (latest.current.onSelect) map.getCanvas().style.cursor = vehicle === null ? '' : 'pointer';
      });
    };
    const leave = () => {
      cancelAnimationFrame(frame);
      setPointed(null);
    };
    const select = (event: MapMouseEvent) => {
      const vehicle = at(event);
      setPointed(vehicle);
      latest.current.onSelect?.(vehicle);
    };
    map.on('mousemove', point);
    map.on('mouseout', leave);
    map.on('click', select);
    return () => {
      leave();
      map.off('mousemove', point);
      map.off('mouseout', leave);
      map.off('click', select);
    };
  }, [map, fleet]);
  return pointed;
}

import type { MapMouseEvent } from 'maplibre-gl';
import { useEffect, useRef, useState } from 'react';
import { useMap } from '../context';
import { type LngLat, metresBetween, rounded } from '../geo/place';
import { isThere } from '../layers';
import { radius } from './edit';
import type { FenceShape } from './shape';

export type Tool = 'polygon' | 'circle';

/** So near to the first corner a click closes the area, in pixels. */
const CLOSE_PX = 12;

/** A shape that is being drawn. */
export type Drawing = {
  readonly points: readonly LngLat[];
  readonly cursor: LngLat | null;
  /** Whether there are enough corners. */
  readonly canFinish: boolean;
  finish(): void;
  undo(): void;
};

/** Draws with a tool, click by click. `done` gets the shape, or null when it is given up. */
export function useDrawing(tool: Tool | null, done: (shape: FenceShape | null) => void): Drawing {
  const { map } = useMap();
  const [points, setPoints] = useState<readonly LngLat[]>([]);
  const [cursor, setCursor] = useState<LngLat | null>(null);
  const latest = useRef({ points, done });
  latest.current = { points, done };

  const finish = () => {
    const corners = latest.current.points;
    if (corners.length >= 3) latest.current.done({ kind: 'polygon', corners });
  };
  const undo = () => setPoints((before) => before.slice(0, -1));
  const act = useRef({ finish, undo });
  act.current = { finish, undo };

  useEffect(() => {
    if (!tool) return;
    const click = (event: MapMouseEvent) => {
      const place = rounded([event.lngLat.lng, event.lngLat.lat]);
      const { points: before } = latest.current;
      const [first] = before;
      if (tool === 'circle' && first) {
        latest.current.done({ kind: 'circle', centre: first, radiusM: radius(metresBetween(first, place)) });
        return;
      }
      const near = (other: LngLat | undefined) =>
        other !== undefined && map.project([other[0], other[1]]).dist(event.point) <= CLOSE_PX;
      if (before.length >= 3 && near(first)) act.current.finish();
      // The second click of a double click.
      else if (!near(before.at(-1))) setPoints([...before, place]);
    };
    const move = (event: MapMouseEvent) => setCursor([event.lngLat.lng, event.lngLat.lat]);
    const twice = (event: MapMouseEvent) => {
      event.preventDefault();
      act.current.finish();
    };
    const key = (event: KeyboardEvent) => {
      const inField = event.target instanceof HTMLElement && event.target.closest('input, textarea, button');
      if (event.key === 'Escape') latest.current.done(null);
      else if (event.key === 'Enter' && !inField) act.current.finish();
      else if (event.key === 'Backspace' && !inField) act.current.undo();
    };
    map.on('click', click);
    map.on('mousemove', move);
    map.on('dblclick', twice);
    document.addEventListener('keydown', key);
    map.getCanvas().style.cursor = 'crosshair';
    return () => {
      document.removeEventListener('keydown', key);
      setPoints([]);
      setCursor(null);
      if (!isThere(map)) return;
      map.off('click', click);
      map.off('mousemove', move);
      map.off('dblclick', twice);
      map.getCanvas().style.cursor = '';
    };
  }, [map, tool]);
  return { points, cursor, canFinish: tool === 'polygon' && points.length >= 3, finish, undo };
}

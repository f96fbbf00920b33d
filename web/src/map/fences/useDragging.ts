import type { MapMouseEvent, MapTouchEvent } from 'maplibre-gl';
import { useEffect, useRef, useState } from 'react';
import { useMap } from '../context';
import { isThere, layerId } from '../layers';
import type { Handle } from './drawn';
import { dragged, settled, withoutCorner } from './edit';
import type { FenceShape } from './shape';

/** The layer of the handles. */
export const HANDLES = 'fence-handles';

/**
 * Lets the handles of a shape be dragged, by mouse and by finger; a double click removes a corner. Answers the shape as it is during a
 * drag. `onChange` is told at its end.
 */
export function useDragging(
  shape: FenceShape | null,
  on: boolean,
  onChange: (shape: FenceShape) => void,
): FenceShape | null {
  const { map } = useMap();
  const [live, setLive] = useState<FenceShape | null>(null);
  const latest = useRef({ shape, onChange });
  latest.current = { shape, onChange };
  useEffect(() => {
    if (!on) return;
    const layer = layerId('draft', HANDLES);
    let drag: { handle: Handle; shape: FenceShape } | null = null;
    const grab = (event: MapMouseEvent | MapTouchEvent) => {
      const handle = handleAt(event);
      const { shape: whole } = latest.current;
      if (!handle || !whole) return;
      event.preventDefault();
      drag = { handle, shape: whole };
    };
    const move = (event: MapMouseEvent | MapTouchEvent) => {
      if (!drag) return;
      drag = {
        shape: dragged(drag.shape, drag.handle, [event.lngLat.lng, event.lngLat.lat]),
        handle: settled(drag.handle),
      };
      setLive(drag.shape);
    };
    const drop = () => {
      if (!drag) return;
      if (drag.shape !== latest.current.shape) latest.current.onChange(drag.shape);
      drag = null;
      setLive(null);
    };
    const handleAt = (event: MapMouseEvent | MapTouchEvent): Handle | null => {
      const reach = 'originalEvent' in event && event.originalEvent instanceof MouseEvent ? 4 : 14;
      const { x, y } = event.point;
      const [found] = map.queryRenderedFeatures(
        [
          [x - reach, y - reach],
          [x + reach, y + reach],
        ],
        { layers: [layer] },
      );
      const { role, index } = found?.properties ?? {};
      const known = (role === 'corner' || role === 'between' || role === 'edge') && typeof index === 'number';
      return known ? { role, index } : null;
    };
    const remove = (event: MapMouseEvent) => {
      const handle = handleAt(event);
      const { shape: whole } = latest.current;
      if (handle?.role !== 'corner' || !whole) return;
      event.preventDefault();
      latest.current.onChange(withoutCorner(whole, handle.index));
    };
    const point = () => {
      map.getCanvas().style.cursor = 'move';
    };
    const leave = () => {
      map.getCanvas().style.cursor = '';
    };
    map.on('mousedown', grab);
    map.on('touchstart', grab);
    map.on('mousemove', move);
    map.on('touchmove', move);
    map.on('dblclick', remove);
    map.on('mouseenter', layer, point);
    map.on('mouseleave', layer, leave);
    // Also where the button is let go outside of the map.
    window.addEventListener('mouseup', drop);
    window.addEventListener('touchend', drop);
    window.addEventListener('touchcancel', drop);
    return () => {
      window.removeEventListener('mouseup', drop);
      window.removeEventListener('touchend', drop);
      window.removeEventListener('touchcancel', drop);
      if (!isThere(map)) return;
      map.off('mousedown', grab);
      map.off('touchstart', grab);
      map.off('mousemove', move);
      map.off('touchmove', move);
      map.off('dblclick', remove);
      map.off('mouseenter', layer, point);
      map.off('mouseleave', layer, leave);
      leave();
    };
  }, [map, on]);
  return live ?? shape;
}

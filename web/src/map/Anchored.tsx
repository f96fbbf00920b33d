import { type ReactNode, useEffect, useRef } from 'react';
import { useMap } from './context';
import type { LngLat } from './geo/place';

/** A card beside a place, or beside something that moves. `at` is asked in each frame; null: it stays where it is. */
export function Anchored({ at, children }: { at: () => LngLat | null; children: ReactNode }) {
  const { map } = useMap();
  const card = useRef<HTMLDivElement>(null);
  const where = useRef(at);
  where.current = at;
  useEffect(() => {
    const put = () => {
      const place = where.current();
      const element = card.current;
      if (!element || !place) return;
      const { x, y } = map.project([place[0], place[1]]);
      const { clientWidth, clientHeight } = map.getContainer();
      const right = x + 18 + element.offsetWidth < clientWidth;
      const left = right ? x + 18 : Math.max(4, x - 18 - element.offsetWidth);
      const top = Math.max(
        4,
        Math.min(clientHeight - element.offsetHeight - 4, y - element.offsetHeight / 2),
      );
      element.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
    };
    put();
    map.on('render', put);
    return () => {
      map.off('render', put);
    };
  }, [map]);
  return (
    <div ref={card} className="slk-map-panel slk-map-card">
      {children}
    </div>
  );
}

import type { GeoJSONSource, Map as MapLibre } from 'maplibre-gl';
import { useEffect, useRef } from 'react';
import { GRID } from './base/style';
import { useMap } from './context';
import { degreesText, graticule, gridStep, multiples } from './geo/graticule';
import type { Bounds } from './geo/place';

/** The grid of degrees of the plain base, with its numbers along the upper and the left edge. */
export function GridLabels() {
  const { map } = useMap();
  const edge = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let covered: { area: Bounds; step: number } | null = null;
    const draw = () => {
      const area = boundsOf(map);
      const step = gridStep(map.getZoom());
      if (!covered || covered.step !== step || !holds(covered.area, area)) {
        covered = { area: widened(area), step };
        map.getSource<GeoJSONSource>(GRID)?.setData(graticule(covered.area, step));
      }
      if (edge.current) label(edge.current, map, area, step);
    };
    draw();
    map.on('move', draw);
    map.on('resize', draw);
    return () => {
      map.off('move', draw);
      map.off('resize', draw);
    };
  }, [map]);
  return <div ref={edge} className="slk-map-grid" aria-hidden="true" />;
}

function boundsOf(map: MapLibre): Bounds {
  const bounds = map.getBounds();
  return {
    west: bounds.getWest(),
    south: bounds.getSouth(),
    east: bounds.getEast(),
    north: bounds.getNorth(),
  };
}

function widened({ west, south, east, north }: Bounds): Bounds {
  const [wide, high] = [east - west, north - south];
  return { west: west - wide, east: east + wide, south: south - high, north: north + high };
}

function holds(outer: Bounds, inner: Bounds): boolean {
  return (
    outer.west <= inner.west &&
    outer.east >= inner.east &&
    outer.south <= inner.south &&
    outer.north >= inner.north
  );
}

/** Written straight into the page: it happens in every frame of a drag. */
function label(edge: HTMLDivElement, map: MapLibre, area: Bounds, step: number): void {
  const texts: { text: string; x: number; y: number; side: string }[] = [];
  for (const longitude of multiples(step, area.west, area.east)) {
    const { x } = map.project([longitude, area.north]);
    texts.push({ text: degreesText(longitude, step, 'longitude'), x, y: 4, side: 'top' });
  }
  for (const latitude of multiples(step, area.south, area.north)) {
    const { y } = map.project([area.west, latitude]);
    if (y > 24) texts.push({ text: degreesText(latitude, step, 'latitude'), x: 4, y, side: 'left' });
  }
  while (edge.childElementCount < texts.length) edge.append(document.createElement('span'));
  while (edge.childElementCount > texts.length) edge.lastElementChild?.remove();
  texts.forEach(({ text, x, y, side }, index) => {
    const span = edge.children[index];
    if (!(span instanceof HTMLElement)) return;
    if (span.textContent !== text) span.textContent = text;
    if (span.className !== side) span.className = side;
    span.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
  });
}

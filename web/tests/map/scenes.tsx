import { useEffect, useMemo, useState } from 'react';
import {
  boundsOf,
  FenceCoordinates,
  FenceDrawing,
  type FenceShape,
  FencesLayer,
  FleetPositions,
  MapView,
  PointLayer,
  type ShownFence,
  TrackLayer,
  TrackPlayer,
  VehiclesLayer,
} from '../../src/map';
import { useMap } from '../../src/map/context';
import { ride, Traffic } from './traffic';

/** How often each vehicle reports, in seconds. */
const REPORT_S = 5;

declare global {
  interface Window {
    /** What the bench asks. */
    bench?: { frames(ms: number): Promise<number[]>; drawn: number };
  }
}

/** The milliseconds between the frames that the page got to draw in a time. */
function frames(ms: number): Promise<number[]> {
  return new Promise((done) => {
    const begin = performance.now();
    const gaps: number[] = [];
    let last = begin;
    const step = (now: number) => {
      gaps.push(now - last);
      last = now;
      if (now - begin < ms) requestAnimationFrame(step);
      else done(gaps);
    };
    requestAnimationFrame(step);
  });
}

/** Counts what the map draws: the page's frames are not all the map's. */
function DrawnCount() {
  const { map } = useMap();
  useEffect(() => {
    const count = () => {
      if (window.bench) window.bench.drawn += 1;
    };
    map.on('render', count);
    return () => {
      map.off('render', count);
    };
  }, [map]);
  return null;
}

export function VehiclesScene({ count, zoom }: { count: number; zoom: number }) {
  const [fleet] = useState(() => new FleetPositions());
  const [selected, setSelected] = useState<number | null>(5);
  useEffect(() => {
    const traffic = new Traffic(count, new URLSearchParams(window.location.search).has('moving'));
    const feed = () => {
      for (const report of traffic.next(REPORT_S)) fleet.put(report);
    };
    feed();
    feed();
    const timer = setInterval(feed, REPORT_S * 1_000);
    window.bench = { frames, drawn: 0 };
    return () => clearInterval(timer);
  }, [fleet, count]);
  return (
    <MapView label="Vehicles" initial={{ centre: [114.06, 22.6], zoom }} everything={() => null}>
      <DrawnCount />
      <VehiclesLayer
        fleet={fleet}
        selected={selected}
        onSelect={setSelected}
        card={(vehicle) => <b>粤B·{vehicle}</b>}
      />
    </MapView>
  );
}

export function TrackScene() {
  const fixes = useMemo(ride, []);
  const at = (index: number) => fixes[index] ?? fixes[0];
  const [first, second, third] = [at(90), at(250), at(440)];
  const events = [first, second, third].flatMap((fix, index) =>
    fix
      ? [
          {
            id: String(index),
            place: fix.place,
            timeMs: fix.timeMs,
            severity: (['info', 'critical', 'warning'] as const)[index] ?? 'info',
            label: ['Geofence entered', 'Speeding, 124 km/h', 'Harsh braking'][index] ?? '',
          },
        ]
      : [],
  );
  const stop = at(86);
  const stops = stop ? [{ place: stop.place, fromMs: stop.timeMs, untilMs: stop.timeMs + 420_000 }] : [];
  const bounds = boundsOf(fixes.map((fix) => fix.place));
  return (
    <MapView label="Track" {...(bounds ? { initial: { bounds } } : {})} everything={() => bounds}>
      <TrackLayer fixes={fixes} events={events} stops={stops} legend={false} />
      <TrackPlayer fixes={fixes} events={events} />
    </MapView>
  );
}

const FENCES: readonly ShownFence[] = [
  { id: 1, name: '机场 Airport', shape: { kind: 'circle', centre: [113.81, 22.64], radiusM: 2_600 } },
  {
    id: 2,
    name: 'Corridor',
    shape: {
      kind: 'corridor',
      line: [
        [113.9, 22.55],
        [114.0, 22.56],
        [114.05, 22.6],
      ],
      widthM: 900,
    },
  },
];

export function FenceScene() {
  const [shape, setShape] = useState<FenceShape | null>({
    kind: 'polygon',
    corners: [
      [113.93, 22.6],
      [113.99, 22.61],
      [114.0, 22.66],
      [113.95, 22.68],
      [113.91, 22.65],
    ],
  });
  return (
    <div className="scene">
      <MapView label="Geofences" initial={{ centre: [113.94, 22.61], zoom: 11 }}>
        <FencesLayer fences={FENCES} selected={1} />
        <FenceDrawing value={shape} onChange={setShape} />
      </MapView>
      <div className="side">{shape && <FenceCoordinates value={shape} onChange={setShape} />}</div>
    </div>
  );
}

export function OrderScene() {
  return (
    <MapView label="Order" embedded initial={{ centre: [114.05, 22.545], zoom: 13 }}>
      <PointLayer
        pickup={[114.03, 22.54]}
        destination={[114.08, 22.555]}
        driver={{ place: [114.02, 22.548], heading: 120 }}
      />
    </MapView>
  );
}

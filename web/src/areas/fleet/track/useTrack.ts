import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../../api/call';
import { type Datum, inOrder, type TrackFix } from '../../../map';
import type { Asked } from './asked';

/** So many fixes are drawn: a day with one a second, and more. */
const mostFixes = 100_000;
const pageOf = 1_000;

export interface Track {
  /** In the order of their times. */
  readonly fixes: readonly TrackFix[];
  /** Whether there are more than are shown. */
  readonly isCut: boolean;
}

/** The fixes of a vehicle in a span, page by page; `read` counts while they come. */
export function useTrack(vehicle: number | undefined, asked: Asked | null, datum: Datum) {
  const [read, setRead] = useState(0);
  const query = useQuery({
    queryKey: ['fleet', 'track', vehicle, asked, datum],
    enabled: vehicle !== undefined && asked !== null,
    staleTime: 60_000,
    refetchOnWindowFocus: false,
    queryFn: async ({ signal }): Promise<Track> => {
      setRead(0);
      return readTrack(vehicle ?? 0, asked ?? { fromMs: 0, untilMs: 0 }, datum, signal, setRead);
    },
  });
  return { query, read };
}

async function readTrack(
  vehicle: number,
  { fromMs, untilMs }: Asked,
  datum: Datum,
  signal: AbortSignal,
  tell: (count: number) => void,
): Promise<Track> {
  const fixes: TrackFix[] = [];
  let after: string | undefined;
  do {
    const page = await call(
      'telemetry_track',
      {
        vehicles: [vehicle],
        from_ms: fromMs,
        until_ms: untilMs,
        datum,
        limit: pageOf,
        ...(after === undefined ? {} : { after }),
      },
      { signal },
    );
    for (const fix of page.fixes) {
      fixes.push({
        timeMs: fix.time_ms,
        place: [fix.longitude, fix.latitude],
        speedKmh: fix.speed_kmh,
        heading: fix.heading,
      });
    }
    tell(fixes.length);
    after = page.next;
  } while (after !== undefined && fixes.length < mostFixes);
  return { fixes: inOrder(fixes), isCut: after !== undefined };
}

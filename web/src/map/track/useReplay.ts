import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type Moment, momentAt, type TrackFix } from './fixes';

/** How many times as fast as it was. */
export const PACES = [1, 5, 10, 30, 60, 120] as const;

/** How often what stands beside the map is written anew, in milliseconds. The vehicle itself moves in every frame. */
const TELL_MS = 100;

/** A replay: where it is, and what can be done with it. */
export type Replay = {
  readonly fromMs: number;
  readonly untilMs: number;
  /** The time in the replay, told about ten times a second. */
  readonly timeMs: number;
  readonly moment: Moment | null;
  readonly playing: boolean;
  readonly pace: number;
  play(): void;
  pause(): void;
  seek(timeMs: number): void;
  setPace(pace: number): void;
  /** Tells where the vehicle is, now and in every frame, until the answer is called. */
  onFrame(listener: (moment: Moment) => void): () => void;
};

/** Plays a track. Another track begins at its start, and stands. */
export function useReplay(fixes: readonly TrackFix[]): Replay {
  const [fromMs, untilMs] = [fixes[0]?.timeMs ?? 0, fixes.at(-1)?.timeMs ?? 0];
  const [timeMs, setTimeMs] = useState(fromMs);
  const [playing, setPlaying] = useState(false);
  const [pace, setPace] = useState<number>(10);
  const exact = useRef(fromMs);
  const listeners = useRef(new Set<(moment: Moment) => void>());

  const tell = useCallback(() => {
    const moment = momentAt(fixes, exact.current);
    if (moment) for (const listener of listeners.current) listener(moment);
  }, [fixes]);
  const seek = useCallback(
    (to: number) => {
      exact.current = Math.max(fromMs, Math.min(untilMs, to));
      setTimeMs(exact.current);
      tell();
    },
    [fromMs, untilMs, tell],
  );
  useEffect(() => {
    setPlaying(false);
    seek(fromMs);
  }, [seek, fromMs]);

  useEffect(() => {
    if (!playing) return;
    let frame = 0;
    let [last, told] = [performance.now(), 0];
    const step = (nowMs: number) => {
      exact.current = Math.min(untilMs, exact.current + (nowMs - last) * pace);
      last = nowMs;
      tell();
      const over = exact.current >= untilMs;
      if (over || nowMs - told >= TELL_MS) {
        told = nowMs;
        setTimeMs(exact.current);
      }
      if (over) setPlaying(false);
      else frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
    return () => cancelAnimationFrame(frame);
  }, [playing, pace, untilMs, tell]);

  const play = useCallback(() => {
    if (exact.current >= untilMs) seek(fromMs);
    setPlaying(true);
  }, [fromMs, untilMs, seek]);
  const pause = useCallback(() => setPlaying(false), []);
  const onFrame = useCallback(
    (listener: (moment: Moment) => void) => {
      listeners.current.add(listener);
      const moment = momentAt(fixes, exact.current);
      if (moment) listener(moment);
      return () => {
        listeners.current.delete(listener);
      };
    },
    [fixes],
  );
  const moment = useMemo(() => momentAt(fixes, timeMs), [fixes, timeMs]);
  return { fromMs, untilMs, timeMs, moment, playing, pace, play, pause, seek, setPace, onFrame };
}

import { AimOutlined, CaretRightOutlined, PauseOutlined, StepBackwardOutlined } from '@ant-design/icons';
import { Button, Empty, Select, Slider } from 'antd';
import { Marker } from 'maplibre-gl';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useFormat } from '../format/useFormat';
import { useTexts } from '../i18n/useTexts';
import { Icon } from '../ui/Icon';
import { useMap } from './context';
import { isThere } from './layers';
import { SpeedScale, type TrackEvent } from './TrackLayer';
import { mapTexts } from './texts';
import type { TrackFix } from './track/fixes';
import { PACES, type Replay, useReplay } from './track/useReplay';

export type TrackPlayerProps = {
  /** In the order of their times. */
  readonly fixes: readonly TrackFix[];
  /** Shown on the line of time. */
  readonly events?: readonly TrackEvent[];
};

const NO_EVENTS: readonly TrackEvent[] = [];

/** Steps of the keyboard, in milliseconds of the track. */
const STEP_MS = 10_000;
const LONG_STEP_MS = 60_000;

/** Plays a track: the vehicle moves along it. Has the legend of the speeds with it. */
export function TrackPlayer({ fixes, events = NO_EVENTS }: TrackPlayerProps) {
  const t = useTexts(mapTexts);
  const { colours } = useMap();
  const format = useFormat();
  const replay = useReplay(fixes);
  const [following, setFollowing] = useState(false);
  const marks = useMemo(
    () =>
      Object.fromEntries(
        events.map((event) => [event.timeMs, { label: <EventTick event={event} colours={colours} /> }]),
      ),
    [events, colours],
  );
  useVehicle(replay, following);
  if (fixes.length < 2) {
    return (
      <div className="slk-map-panel slk-map-player">
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('noTrack')} />
      </div>
    );
  }
  const { moment } = replay;
  const speed = moment?.silent ? t('noData') : format.speed(moment?.speedKmh ?? 0);
  return (
    <section
      className="slk-map-panel slk-map-player"
      aria-label={t('playHint')}
      onKeyDownCapture={keys(replay)}
    >
      <Slider
        min={replay.fromMs}
        max={replay.untilMs}
        step={1_000}
        value={replay.timeMs}
        marks={marks}
        onChange={replay.seek}
        tooltip={{ formatter: (value) => format.time(value ?? 0) }}
        ariaLabelForHandle={t('seek')}
        ariaValueTextFormatterForHandle={(value) => `${format.time(value)}, ${speed}`}
      />
      <div className="slk-map-player-row">
        <Button
          type="primary"
          shape="circle"
          icon={replay.playing ? <Icon of={PauseOutlined} /> : <Icon of={CaretRightOutlined} />}
          aria-label={t(replay.playing ? 'pause' : 'play')}
          title={t('playHint')}
          onClick={replay.playing ? replay.pause : replay.play}
        />
        <Button
          shape="circle"
          icon={<Icon of={StepBackwardOutlined} />}
          aria-label={t('atStart')}
          title={t('atStart')}
          onClick={() => replay.seek(replay.fromMs)}
        />
        <Select
          aria-label={t('pace')}
          value={replay.pace}
          onChange={replay.setPace}
          options={PACES.map((pace) => ({ value: pace, label: `${pace}×` }))}
          popupMatchSelectWidth={false}
        />
        <Button
          shape="circle"
          type={following ? 'primary' : 'default'}
          ghost={following}
          icon={<Icon of={AimOutlined} />}
          aria-label={t('follow')}
          title={t('follow')}
          aria-pressed={following}
          onClick={() => setFollowing((on) => !on)}
        />
        <span className="slk-map-now">
          {format.time(replay.timeMs)} · <b>{speed}</b>
        </span>
        <SpeedScale />
      </div>
    </section>
  );
}

/** The keyboard anywhere in the player. Lists and buttons keep the keys they need. */
function keys(replay: Replay): (event: KeyboardEvent<HTMLElement>) => void {
  return (event) => {
    const element = event.target instanceof HTMLElement ? event.target : null;
    if (element?.closest('.ant-select')) return;
    const step = event.shiftKey ? LONG_STEP_MS : STEP_MS;
    if (event.key === 'ArrowLeft') replay.seek(replay.timeMs - step);
    else if (event.key === 'ArrowRight') replay.seek(replay.timeMs + step);
    else if (event.key === 'Home') replay.seek(replay.fromMs);
    else if (event.key === 'End') replay.seek(replay.untilMs);
    else if (event.key === ' ' && !element?.closest('button'))
      (replay.playing ? replay.pause : replay.play)();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
}

function EventTick({
  event,
  colours,
}: {
  event: TrackEvent;
  colours: { alert: string; destination: string; accent: string };
}) {
  const colour = { critical: colours.alert, warning: colours.destination, info: colours.accent }[
    event.severity
  ];
  return <span className="slk-map-tick" style={{ background: colour }} title={event.label} />;
}

/** The vehicle of a replay: an arrow that is moved without React and without MapLibre's worker. */
function useVehicle(replay: Replay, following: boolean): void {
  const { map, colours } = useMap();
  const { onFrame } = replay;
  const follow = useRef(following);
  follow.current = following;
  useEffect(() => {
    const element = document.createElement('div');
    element.setAttribute('aria-hidden', 'true');
    element.innerHTML =
      '<svg width="34" height="34" viewBox="-12 -12 24 24"><path d="M0-9.5 6.5 7.5 0 4-6.5 7.5Z" stroke-width="1.6" stroke-linejoin="round"/></svg>';
    element.style.color = colours.accent;
    const path = element.querySelector('path');
    path?.setAttribute('fill', colours.accent);
    path?.setAttribute('stroke', colours.outline);
    const marker = new Marker({ element, rotationAlignment: 'map', pitchAlignment: 'map' });
    let shown = false;
    const stop = onFrame(({ place, heading }) => {
      if (!isThere(map)) return;
      marker.setLngLat([place[0], place[1]]).setRotation(heading);
      if (!shown) marker.addTo(map);
      shown = true;
      if (follow.current) map.jumpTo({ center: [place[0], place[1]] });
    });
    return () => {
      stop();
      marker.remove();
    };
  }, [map, onFrame, colours]);
}

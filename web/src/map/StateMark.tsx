import type { VehicleState } from './motion/fleet';

type StateMarkProps = { state: VehicleState; colour: string; outline: string; size?: number };

/** The mark of a state as the map draws it. */
export function StateMark({ state, colour, outline, size = 16 }: StateMarkProps) {
  const arrow = state === 'alert' || state === 'moving';
  return (
    <svg width={size} height={size} viewBox="-10 -10 20 20" aria-hidden="true" focusable="false">
      {state === 'alert' && <circle r="10" fill={colour} opacity="0.25" />}
      {arrow && <path d="M0-9 6.5 7.5 0 4-6.5 7.5Z" fill={colour} stroke={outline} strokeWidth="0.8" />}
      {state === 'idle' && <circle r="6.5" fill={colour} />}
      {state === 'idle' && <circle r="2" fill={outline} />}
      {state === 'offline' && <circle r="3.8" fill="none" stroke={colour} strokeWidth="2.4" />}
    </svg>
  );
}

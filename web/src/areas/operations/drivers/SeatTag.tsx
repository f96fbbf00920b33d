import { useTexts } from '../../../i18n/useTexts';
import { StateTag, type Tone } from '../../../ui/StateTag';
import { texts } from './texts';

export const seatStates = ['Active', 'Suspended', 'Left'] as const;
export type SeatState = (typeof seatStates)[number];

const tones: Readonly<Record<SeatState, Tone>> = { Active: 'good', Suspended: 'warn', Left: 'plain' };

export function seatState(status: string | null): SeatState | undefined {
  return seatStates.find((known) => known === status);
}

/** Whether a driver works for the company, as the chain has it. */
export function SeatTag({ status }: { status: string | null }) {
  const t = useTexts(texts);
  const state = seatState(status);
  return state === undefined ? null : <StateTag tone={tones[state]} text={t(state)} />;
}

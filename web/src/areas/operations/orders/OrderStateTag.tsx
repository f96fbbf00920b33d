import type { OrderState } from '../../../api/methods';
import { useTexts } from '../../../i18n/useTexts';
import { StateTag, type Tone } from '../../../ui/StateTag';
import { stateTexts } from './stateTexts';

const tones: Readonly<Record<OrderState, Tone>> = {
  quoted: 'plain',
  booked: 'plain',
  searching: 'warn',
  offered: 'warn',
  accepted: 'busy',
  arriving: 'busy',
  arrived: 'busy',
  picked_up: 'busy',
  in_trip: 'busy',
  completed: 'good',
  settled: 'good',
  cancelled: 'bad',
  expired: 'bad',
};

/** The state of an order in words. */
export function OrderStateTag(props: { state: OrderState | undefined }) {
  const t = useTexts(stateTexts);
  return props.state === undefined ? (
    <StateTag tone="plain" text={t('unknown')} />
  ) : (
    <StateTag tone={tones[props.state]} text={t(props.state)} />
  );
}

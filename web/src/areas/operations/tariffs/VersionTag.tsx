import { useTexts } from '../../../i18n/useTexts';
import { StateTag, type Tone } from '../../../ui/StateTag';
import { texts } from './texts';
import type { VersionState } from './versions';

const tones: Readonly<Record<VersionState, Tone>> = {
  now: 'good',
  soon: 'busy',
  before: 'plain',
  proposed: 'warn',
  rejected: 'bad',
  retired: 'plain',
};

export function VersionTag({ state }: { state: VersionState }) {
  const t = useTexts(texts);
  return <StateTag tone={tones[state]} text={t(state)} />;
}

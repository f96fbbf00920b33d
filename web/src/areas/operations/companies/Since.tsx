import { useTexts } from '../../../i18n/useTexts';
import { Time } from '../../../ui/Time';
import { texts } from './texts';

/** Since when. What the first block brought along has no time: the index writes the beginning of the epoch. */
export function Since({ at }: { at: string | null }) {
  const t = useTexts(texts);
  return at === null || Date.parse(at) === 0 ? t('fromGenesis') : <Time at={at} />;
}

import { useTexts } from '../../../i18n/useTexts';
import { StateTag } from '../../../ui/StateTag';
import { texts } from './texts';

/** Whether the account that an application names as its treasury has agreed to be it. */
export function TreasuryTag({ accepted }: { accepted: boolean | null }) {
  const t = useTexts(texts);
  return accepted === true ? (
    <StateTag tone="good" text={t('agreed')} />
  ) : (
    <StateTag tone="warn" text={t('notAgreed')} />
  );
}

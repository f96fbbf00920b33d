import { useTexts } from '../../../i18n/useTexts';
import { StateTag } from '../../../ui/StateTag';
import { Nothing } from '../detail/values';
import { texts } from './texts';

/** Whether the account that an application names as its treasury agreed to be it. */
export function TreasuryTag({ accepted }: { accepted: boolean | null }) {
  const t = useTexts(texts);
  if (accepted === null) return <Nothing />;
  return accepted ? (
    <StateTag tone="good" text={t('agreed')} />
  ) : (
    <StateTag tone="plain" text={t('notAgreed')} />
  );
}

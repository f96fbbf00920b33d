import { useTexts } from '../../../i18n/useTexts';
import { Page } from '../../../ui/Page';
import '../operations.css';
import { DrivenSections } from './DrivenSections';
import { NowSection } from './NowSection';
import { OnChain } from './OnChain';
import { texts } from './texts';

/** Vehicles counted: on the chain, now, and by what they drove. */
export function VehiclesPage() {
  const t = useTexts(texts);
  return (
    <Page title={t('title')} lead={t('lead')}>
      <OnChain />
      <NowSection />
      <DrivenSections />
    </Page>
  );
}

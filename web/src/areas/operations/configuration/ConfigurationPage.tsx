import { useTexts } from '../../../i18n/useTexts';
import { Page } from '../../../ui/Page';
import '../operations.css';
import { FromNode } from '../parts/FromNode';
import { AllConstants } from './AllConstants';
import { ByCouncil } from './ByCouncil';
import { ChainRuns } from './ChainRuns';
import { Constants } from './Constants';
import { Emergency } from './Emergency';
import { ServiceRuns } from './ServiceRuns';
import { ServiceSettings } from './ServiceSettings';
import { TariffsInForce } from './TariffsInForce';
import { texts } from './texts';
import { useChainSettings } from './useChainSettings';

/** What runs, by which values, where each is set, and who may change it. */
export function ConfigurationPage() {
  const t = useTexts(texts);
  const settings = useChainSettings();
  return (
    <Page title={t('title')} lead={t('lead')}>
      <div className="o-columns">
        <ServiceRuns />
        <FromNode value={settings} rows={6}>
          {(found) => <ChainRuns settings={found} />}
        </FromNode>
      </div>
      <FromNode value={settings} rows={4}>
        {(found) => <Emergency settings={found} />}
      </FromNode>
      <FromNode value={settings} rows={6}>
        {(found) => <ByCouncil settings={found} />}
      </FromNode>
      <TariffsInForce />
      <ServiceSettings />
      <FromNode value={settings} rows={8}>
        {({ metadata }) => (
          <>
            <Constants metadata={metadata} />
            <AllConstants metadata={metadata} />
          </>
        )}
      </FromNode>
    </Page>
  );
}

import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Facts } from '../../../ui/Facts';
import { Section } from '../parts/Section';
import type { ChainSettings } from './chainSettings';
import { texts } from './texts';

/** Which node answers here, and who may join its network. */
export function ChainRuns({ settings }: { settings: ChainSettings }) {
  const t = useTexts(texts);
  const f = useFormat();
  const { node, session, admitted } = settings;
  return (
    <Section title={t('stand')}>
      <Facts
        facts={[
          [t('node'), node],
          [t('session'), f.count(session)],
          [t('network'), admitted === undefined ? t('networkOpen') : t('networkClosed', { count: admitted })],
        ]}
      />
    </Section>
  );
}

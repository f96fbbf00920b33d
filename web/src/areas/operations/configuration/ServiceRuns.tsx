import { useCall } from '../../../api/hooks';
import type { Health } from '../../../api/methods';
import { useTexts } from '../../../i18n/useTexts';
import { portal } from '../../../portal';
import { Answered } from '../../../ui/answers';
import { Facts } from '../../../ui/Facts';
import { Hash } from '../../../ui/links';
import { StateTag } from '../../../ui/StateTag';
import { Section } from '../parts/Section';
import { texts } from './texts';

const refetchInterval = 15_000;

/** Which services run for this portal, and where it looks for what. */
export function ServiceRuns() {
  const t = useTexts(texts);
  const version = useCall('system_version', {}, { refetchInterval });
  const health = useCall('system_health', {}, { refetchInterval });
  return (
    <div className="o-stack">
      <Section title={t('runs')}>
        <Answered query={version} rows={3}>
          {(found) => (
            <Facts
              facts={[
                [t('service'), found.version],
                [t('chain'), <Hash key="chain" value={found.chain} />],
                [t('health'), health.data === undefined ? '…' : <HealthTag key="health" of={health.data} />],
              ]}
            />
          )}
        </Answered>
      </Section>
      <Section title={t('portal')}>
        <Addresses />
      </Section>
    </div>
  );
}

function HealthTag({ of }: { of: Health }) {
  const t = useTexts(texts);
  const silent = [
    ...(of.orders ? [] : [t('orders')]),
    ...(of.dispatch ? [] : [t('dispatch')]),
    ...(of.notify ? [] : [t('notify')]),
    ...(of.chain ? [] : [t('chainOf')]),
  ];
  return silent.length === 0 ? (
    <StateTag tone="good" text={t('healthy')} />
  ) : (
    <StateTag tone="bad" text={t('silent', { names: silent.join(', ') })} />
  );
}

/** What /portal.json says. */
function Addresses() {
  const t = useTexts(texts);
  const { node, index, ethereum, tiles } = portal();
  const code = (text: string | null | undefined) =>
    text == null ? t('none') : <span className="code">{text}</span>;
  return (
    <div className="o-stack o-tight">
      <Facts
        facts={[
          [t('node'), code(node)],
          [t('index'), code(index)],
          [t('ethereum'), code(ethereum?.url)],
          [t('contract'), ethereum == null ? null : <Hash key="contract" value={ethereum.contract} />],
          [t('tiles'), code(tiles)],
        ]}
      />
      <p className="o-note">{t('portalSet')}</p>
    </div>
  );
}

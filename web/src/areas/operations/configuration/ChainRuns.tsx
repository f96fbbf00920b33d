import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Facts } from '../../../ui/Facts';
import { StateTag } from '../../../ui/StateTag';
import { Section } from '../parts/Section';
import type { ChainSettings } from './chainSettings';
import { texts } from './texts';

/** Which runtime the chain has, and whether all of it may be used. */
export function ChainRuns({ settings }: { settings: ChainSettings }) {
  const t = useTexts(texts);
  const f = useFormat();
  const { specName, specVersion, transactionVersion, node, session, admitted, standUntil, paused } = settings;
  return (
    <Section title={t('stand')}>
      <Facts
        facts={[
          [
            t('stand'),
            standUntil === undefined ? (
              <StateTag key="stand" tone="good" text={t('works')} />
            ) : (
              <StateTag key="stand" tone="bad" text={t('stands', { block: f.count(standUntil) })} />
            ),
          ],
          [
            t('runtime'),
            t('runtimeIs', { name: specName, version: specVersion, transactions: transactionVersion }),
          ],
          [t('node'), node],
          [t('session'), f.count(session)],
          [t('network'), admitted === undefined ? t('networkOpen') : t('networkClosed', { count: admitted })],
          [t('paused'), paused.length === 0 ? t('pausedNone') : <Paused key="paused" calls={paused} />],
        ]}
      />
    </Section>
  );
}

function Paused({ calls }: { calls: readonly string[] }) {
  return (
    <ul className="o-plain">
      {calls.map((call) => (
        <li key={call} className="code">
          {call}
        </li>
      ))}
    </ul>
  );
}

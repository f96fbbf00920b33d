import { Button } from 'antd';
import { useFinalisedBlock } from '../../../chain/hooks';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Facts } from '../../../ui/Facts';
import { Hash } from '../../../ui/links';
import { PathLink } from '../../../ui/PathLink';
import { StateTag } from '../../../ui/StateTag';
import { useBlockMs } from '../council/useCouncil';
import { Section } from '../parts/Section';
import type { AuthorizedUpgrade, ChainSettings } from './chainSettings';
import { texts } from './texts';

/** How the rules are changed, and how the chain or single calls are stopped and let go: each by a motion of the council. */
export function Emergency({ settings }: { settings: ChainSettings }) {
  const t = useTexts(texts);
  const { specName, specVersion, transactionVersion, upgrade, standUntil, paused } = settings;
  return (
    <Section title={t('emergency')}>
      <div className="o-stack">
        <p className="o-none">{t('emergencyLead')}</p>
        <Facts
          facts={[
            [
              t('runtime'),
              t('runtimeIs', { name: specName, version: specVersion, transactions: transactionVersion }),
            ],
            [t('upgrading'), <Upgrade key="upgrade" of={upgrade} />],
            [t('stand'), <Stand key="stand" until={standUntil} />],
            [t('paused'), <Paused key="paused" calls={paused} />],
          ]}
        />
        <div className="o-row">
          <Propose what="upgrade" text={t('proposeUpgrade')} />
          {standUntil === undefined ? (
            <Propose what="stand" text={t('proposeStand')} />
          ) : (
            <>
              <Propose what="endStand" text={t('proposeEnd')} />
              <Propose what="longerStand" text={t('proposeLonger')} />
            </>
          )}
          <Propose what="pause" text={t('proposePause')} />
        </div>
      </div>
    </Section>
  );
}

function Propose({ what, text }: { what: string; text: string }) {
  return (
    <PathLink to={`/operations/council/propose?what=${what}`}>
      <Button size="small" tabIndex={-1}>
        {text}
      </Button>
    </PathLink>
  );
}

function Upgrade({ of }: { of: AuthorizedUpgrade | undefined }) {
  const t = useTexts(texts);
  if (of === undefined) return <span className="o-quiet">{t('noUpgrade')}</span>;
  return (
    <div className="o-stack o-tight">
      <span className="o-row">
        <StateTag tone="warn" text={t('upgradeAllowed')} />
        <Hash value={of.hash} />
      </span>
      <span className="o-note">{t(of.isChecked ? 'upgradeChecked' : 'upgradeUnchecked')}</span>
    </div>
  );
}

function Stand({ until }: { until: number | undefined }) {
  const t = useTexts(texts);
  const f = useFormat();
  const blockMs = useBlockMs();
  const head = useFinalisedBlock();
  if (until === undefined) return <StateTag tone="good" text={t('works')} />;
  const left = head === undefined ? 0 : until - head.number;
  return (
    <span className="o-row">
      <StateTag tone="bad" text={t('stands', { block: f.count(until) })} />
      {left > 0 ? (
        <span className="o-note">{t('standsFor', { time: f.duration(left * blockMs) })}</span>
      ) : null}
    </span>
  );
}

function Paused({ calls }: { calls: readonly string[] }) {
  const t = useTexts(texts);
  if (calls.length === 0) return t('pausedNone');
  return (
    <ul className="o-plain">
      {calls.map((call) => (
        <li key={call} className="o-row">
          <span className="code">{call}</span>
          <PathLink to={`/operations/council/propose?what=unpause&call=${encodeURIComponent(call)}`}>
            {t('proposeUnpause')}
          </PathLink>
        </li>
      ))}
    </ul>
  );
}

import { Alert } from 'antd';
import { useCall, useMay } from '../../../api/hooks';
import type { Health, Figures as ServiceFigures } from '../../../api/methods';
import {
  useBeefyBlock,
  useBestBlock,
  useChainStatus,
  useFinalisedBlock,
  useSessionOfChain,
} from '../../../chain/hooks';
import type { ChainStatus } from '../../../chain/status';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Answered } from '../../../ui/answers';
import { Facts } from '../../../ui/Facts';
import { BlockLink } from '../../../ui/links';
import { StateTag, type Tone } from '../../../ui/StateTag';
import { Section } from '../parts/Section';
import { texts } from './texts';

const refetchInterval = 10_000;

/** How the chain does, as a node says after each block. */
export function ChainHealth() {
  const t = useTexts(texts);
  const f = useFormat();
  const status = useChainStatus();
  const best = useBestBlock();
  const final = useFinalisedBlock();
  const beefy = useBeefyBlock();
  const session = useSessionOfChain();
  const off = session?.validators.filter(({ disabled }) => disabled).length ?? 0;
  return (
    <Section title={t('chain')} extra={<ChainStateTag status={status} />}>
      <Facts
        facts={[
          [t('best'), best === undefined ? '…' : <BlockLink key="best" number={best.number} />],
          [t('finalised'), final === undefined ? '…' : <BlockLink key="final" number={final.number} />],
          [
            t('lag'),
            best === undefined || final === undefined
              ? '…'
              : f.count(Math.max(0, best.number - final.number)),
          ],
          [
            t('beefy'),
            beefy === undefined ? (
              '…'
            ) : (
              <span key="beefy" className="among-words">
                <BlockLink number={beefy.number} />{' '}
                {final === undefined ? null : (
                  <span className="o-quiet">
                    {t('behind', { count: f.count(Math.max(0, final.number - beefy.number)) })}
                  </span>
                )}
              </span>
            ),
          ],
          [
            t('validators'),
            session === undefined ? (
              '…'
            ) : (
              <StateTag
                key="validators"
                tone={off === 0 ? 'good' : 'bad'}
                text={`${f.count(session.validators.length)} · ${off === 0 ? t('allOn') : t('validatorsHint', { count: off })}`}
              />
            ),
          ],
        ]}
      />
    </Section>
  );
}

function ChainStateTag({ status }: { status: ChainStatus | undefined }) {
  const t = useTexts(texts);
  switch (status?.state) {
    case 'connected':
      return <StateTag tone="good" text={t('chainFine')} />;
    case 'stalled':
      return <StateTag tone="bad" text={t('chainStalled')} />;
    case 'wrong-network':
      return <StateTag tone="bad" text={t('chainWrong')} />;
    default:
      return <StateTag tone="busy" text={t('chainConnecting')} />;
  }
}

/** Whether the services answer, and what they counted. */
export function ServicesHealth() {
  const t = useTexts(texts);
  const health = useCall('system_health', {}, { refetchInterval });
  const mayCount = useMay('ops_figures');
  const figures = useCall('ops_figures', {}, { refetchInterval, enabled: mayCount });
  return (
    <Section title={t('services')}>
      <div className="o-stack o-tight">
        <Answered query={health} rows={3}>
          {(answer) => <Services health={answer} />}
        </Answered>
        {mayCount ? (
          <Answered query={figures} rows={4}>
            {(answer) => <Counts of={answer} />}
          </Answered>
        ) : null}
      </div>
    </Section>
  );
}

function Services({ health }: { health: Health }) {
  const t = useTexts(texts);
  const tag = (answers: boolean): { tone: Tone; text: string } =>
    answers ? { tone: 'good', text: t('answers') } : { tone: 'bad', text: t('silent') };
  return (
    <Facts
      facts={[
        [t('orders'), <StateTag key="orders" {...tag(health.orders)} />],
        [t('dispatch'), <StateTag key="dispatch" {...tag(health.dispatch)} />],
        [t('notify'), <StateTag key="notify" {...tag(health.notify)} />],
        [t('chainOfServices'), <StateTag key="chain" {...tag(health.chain)} />],
      ]}
    />
  );
}

function Counts({ of }: { of: ServiceFigures }) {
  const t = useTexts(texts);
  const f = useFormat();
  return (
    <>
      {of.halted ? <Alert type="error" showIcon title={t('halted')} /> : null}
      <Facts
        facts={[
          [t('calls'), f.count(of.calls)],
          [t('shed'), f.count(of.shed)],
          [t('ticks'), f.count(of.ticks)],
          [t('lastTick'), t('ms', { ms: f.decimal(of.last_tick_us / 1000, 1) })],
          [t('offers'), f.count(of.offers)],
          [t('fresh'), f.count(of.drivers_with_fresh_position)],
          [t('events'), f.count(of.events)],
          [t('audit'), f.count(of.audit_entries)],
        ]}
      />
    </>
  );
}

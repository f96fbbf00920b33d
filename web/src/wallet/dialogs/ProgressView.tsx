import { Alert, Steps } from 'antd';
import type { Inclusion } from '../../chain/inclusion';
import type { Metadata } from '../../chain/metadata';
import { explain } from '../../chain/refusals/explain';
import type { Refusal } from '../../chain/refusals/refusal';
import { shorten } from '../../format/ids';
import { formatMoney } from '../../format/money';
import { useLanguage, useTexts } from '../../i18n/useTexts';
import { Copy } from '../../ui/Copy';
import { walletTexts } from '../texts';
import { ProblemAlert } from './ProblemAlert';
import type { Stage } from './useSigning';

type Following = Extract<Stage, { name: 'following' }>;

/** What becomes of a transaction, from the signature to finality. */
export function ProgressView(props: { stage: Following }) {
  const t = useTexts(walletTexts);
  const { progress, draft, description, signed } = props.stage;
  const inclusion = 'inclusion' in progress ? progress.inclusion : undefined;
  const block = inclusion && t('block', { number: inclusion.block.number.toLocaleString('en') });
  const reached = { broadcast: 2, waiting: 2, 'in-block': 3, final: 4, refused: 1, expired: 2, unknown: 2 }[
    progress.step
  ];
  const failed =
    inclusion?.refusal !== undefined || ['refused', 'expired', 'unknown'].includes(progress.step);
  return (
    <div aria-live="polite" className="wallet-stack">
      <p className="wallet-sentence">{description.sentence}</p>
      <Steps
        className="wallet-danger"
        size="small"
        // The step at which it failed is the one that is marked.
        current={failed ? Math.min(reached, 3) : reached}
        status={failed ? 'error' : 'process'}
        responsive
        items={[
          { title: t('stepSigned') },
          { title: t('stepSent') },
          { title: t('stepInBlock'), content: block },
          { title: t('stepFinal') },
        ]}
      />
      <div className="wallet-danger">
        <Verdict progress={progress} metadata={draft.metadata} />
      </div>
      <dl className="wallet-args wallet-danger">
        <dt>{t('hash')}</dt>
        <dd>
          <span className="code" title={signed.hash}>
            {shorten(signed.hash, 12, 8)}
          </span>{' '}
          <Copy text={signed.hash} />
        </dd>
      </dl>
    </div>
  );
}

function Verdict(props: { progress: Following['progress']; metadata: Metadata }) {
  const t = useTexts(walletTexts);
  const { progress, metadata } = props;
  switch (progress.step) {
    case 'broadcast':
      return <Alert type="info" title={t('mayClose')} />;
    case 'waiting':
      return (
        <Alert
          type="warning"
          showIcon
          title={progress.why === 'connection' ? t('waitingConnection') : t('waitingSlow')}
        />
      );
    case 'in-block':
      return progress.inclusion.refusal ? (
        <Failure refusal={progress.inclusion.refusal} metadata={metadata} inclusion={progress.inclusion} />
      ) : (
        <Alert type="info" title={t('mayClose')} />
      );
    case 'final':
      return <Final inclusion={progress.inclusion} metadata={metadata} />;
    case 'refused':
      return <Failure refusal={progress.refusal} metadata={metadata} inclusion={undefined} />;
    case 'expired':
      return <ProblemAlert problem={{ title: t('expired'), remedy: t('expired.do') }} />;
    case 'unknown':
      return <ProblemAlert type="warning" problem={{ title: t('unknown'), remedy: t('unknown.do') }} />;
  }
}

function Final(props: { inclusion: Inclusion; metadata: Metadata }) {
  const t = useTexts(walletTexts);
  const language = useLanguage();
  const { inclusion, metadata } = props;
  if (inclusion.refusal) return <Failure refusal={inclusion.refusal} {...props} />;
  const paid = <Paid inclusion={inclusion} />;
  if (inclusion.parts.length === 0)
    return <Alert type="success" showIcon title={t('done')} description={paid} />;
  return (
    <Alert
      type="warning"
      showIcon
      role="alert"
      title={t('doneInPart')}
      description={
        <>
          <ul className="wallet-values">
            {inclusion.parts.map(({ where, refusal }, at) => {
              const { name, sentence } = explain(metadata, refusal, language);
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: their order never changes.
                <li key={at}>
                  {sentence} <span className="code wallet-row-note">{`${where}: ${name}`}</span>
                </li>
              );
            })}
          </ul>
          {paid}
        </>
      }
    />
  );
}

function Failure(props: { refusal: Refusal; metadata: Metadata; inclusion: Inclusion | undefined }) {
  const t = useTexts(walletTexts);
  const language = useLanguage();
  const { name, sentence } = explain(props.metadata, props.refusal, language);
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={t('failed')}
      description={
        <>
          <p className="wallet-sentence">{sentence}</p>
          <span className="code wallet-row-note">{name}</span>
          {props.inclusion ? <Paid inclusion={props.inclusion} /> : null}
        </>
      }
    />
  );
}

function Paid(props: { inclusion: Inclusion }) {
  const t = useTexts(walletTexts);
  const { fee } = props.inclusion;
  return (
    <div className="numbers">{fee === undefined ? t('notPaid') : t('paid', { fee: formatMoney(fee) })}</div>
  );
}

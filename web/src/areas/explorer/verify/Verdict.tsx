import { CheckCircleFilled, CloseCircleFilled, LoadingOutlined, WarningFilled } from '@ant-design/icons';
import type { ReactNode } from 'react';
import { useLanguage, useTexts } from '../../../i18n/useTexts';
import { type Verification, words } from '../../../proof';
import type { State } from './state';
import { texts } from './texts';

type Tone = 'good' | 'unsure' | 'bad' | 'busy';

const icons: Readonly<Record<Tone, ReactNode>> = {
  good: <CheckCircleFilled />,
  unsure: <WarningFilled />,
  bad: <CloseCircleFilled />,
  busy: <LoadingOutlined />,
};

/** What all steps together say, in a sentence that cannot be missed. */
export function Verdict(props: {
  state: State;
  verification: Verification | undefined;
  /** The node whose word the trusted root is, where it is one's. */
  node: string | undefined;
}) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { state, verification } = props;
  if (state.phase === 'broke') {
    return <Banner tone="unsure" title={t('broke', { message: state.message })} />;
  }
  if (verification === undefined) return <Banner tone="busy" title={t('running')} />;
  const { verdict, bundle } = verification;
  const sentence = words[language].verdict(verdict);
  if (verdict.kind === 'refused') {
    return <Banner tone="bad" title={t('notProven')} sentence={sentence} note={t('notProvenLead')} />;
  }
  const { by } = verdict;
  const note = t('signedBy', {
    signed: by.signed,
    validators: by.validators,
    set: by.set,
    block: bundle?.commitment.block ?? '',
  });
  return verdict.kind === 'proven' ? (
    <Banner
      tone="good"
      title={t('proven')}
      sentence={sentence}
      note={
        verdict.under.by === 'root' && props.node !== undefined
          ? `${t('nodeSaid', { node: props.node })} ${note}`
          : note
      }
    />
  ) : (
    <Banner tone="unsure" title={t('unsure')} sentence={sentence} note={note} />
  );
}

function Banner(props: { tone: Tone; title: string; sentence?: string; note?: string }) {
  return (
    <section
      className={`v-verdict v-${props.tone}`}
      role={props.tone === 'bad' ? 'alert' : 'status'}
      aria-live={props.tone === 'bad' ? 'assertive' : 'polite'}
    >
      <span className="v-icon" aria-hidden="true">
        {icons[props.tone]}
      </span>
      <div>
        <strong>{props.title}</strong>
        {props.sentence === undefined ? null : <p>{props.sentence}</p>}
        {props.note === undefined ? null : <p className="v-note">{props.note}</p>}
      </div>
    </section>
  );
}

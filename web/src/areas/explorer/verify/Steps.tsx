import { CheckOutlined, CloseOutlined, LoadingOutlined, MinusOutlined } from '@ant-design/icons';
import type { ReactNode } from 'react';
import { useLanguage, useTexts } from '../../../i18n/useTexts';
import { type Value, type Verification, words } from '../../../proof';
import { Section } from '../detail/Section';
import { Hash } from '../detail/values';
import { type Drawn, draw, type Standing, stepsOf } from './diagram';
import type { State } from './state';
import { texts } from './texts';

const icons: Readonly<Record<Standing, ReactNode>> = {
  holds: <CheckOutlined />,
  refused: <CloseOutlined />,
  running: <LoadingOutlined />,
  not_reached: <MinusOutlined />,
};

const standings = {
  holds: 'holds',
  refused: 'refused',
  running: 'running',
  not_reached: 'notReached',
} as const satisfies Readonly<Record<Standing, string>>;

/** The way from the item to the signatures, step by step, with what each works with. */
export function Steps(props: {
  state: State;
  verification: Verification | undefined;
  by: { trust: boolean; contract: boolean };
}) {
  const t = useTexts(texts);
  const { state, verification } = props;
  const taken = verification?.steps ?? (state.phase === 'checking' ? state.steps : []);
  const kind = verification?.bundle?.item.kind;
  // Until the text is read nobody knows of which kind the item is; the steps that came say it.
  const names = stepsOf(kind, props.by);
  const known = new Set(names);
  const all = [...taken.map((step) => step.name).filter((name) => !known.has(name)), ...names];
  return (
    <Section title={t('steps')}>
      <ol className="v-steps">
        {draw(all, taken, state.phase === 'checking').map((drawn) => (
          <Step key={drawn.name} of={drawn} />
        ))}
      </ol>
    </Section>
  );
}

function Step({ of }: { of: Drawn }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const said = words[language];
  const { title, how } = said.steps[of.name];
  return (
    <li className={`v-step v-${of.standing}`}>
      <span className="v-mark" aria-hidden="true">
        {icons[of.standing]}
      </span>
      <div className="v-body">
        <h3>
          {title}
          <span className="v-standing">{t(standings[of.standing])}</span>
        </h3>
        <p className="x-quiet">{how}</p>
        {of.step?.refused == null ? null : <p className="v-why">{said.refusal(of.step.refused)}</p>}
        {of.step === undefined ? null : (
          <dl className="v-values">
            <Values label={t('from')} of={of.step.from} />
            <Values label={t('computed')} of={of.step.computed} />
          </dl>
        )}
      </div>
    </li>
  );
}

function Values({ label, of }: { label: string; of: readonly Value[] }) {
  const language = useLanguage();
  const t = useTexts(texts);
  const said = words[language].values;
  if (of.length === 0) return null;
  const shown = (is: string) => (is === 'yes' || is === 'no' ? t(is) : is);
  return (
    <>
      <dt className="v-group">{label}</dt>
      {of.map((value, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the values of a step never change their places.
        <dd key={at}>
          <span className="x-quiet">{said[value.what]}</span>
          {value.is.length > 24 && value.is.startsWith('0x') ? (
            <Hash of={value.is} />
          ) : (
            <span className="numbers">{shown(value.is)}</span>
          )}
        </dd>
      ))}
    </>
  );
}

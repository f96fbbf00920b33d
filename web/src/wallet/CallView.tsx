import { Alert } from 'antd';
import type { Description } from '../chain/calls/describe';
import type { Shown } from '../chain/calls/shown';
import { useTexts } from '../i18n/useTexts';
import { StateTag } from '../ui/StateTag';
import { walletTexts } from './texts';
import './dialogs/wallet.css';

const tones = { critical: 'bad', careful: 'warn' } as const;

/** A call in plain words, with the calls in it. Also for the explorer. */
export function CallView(props: { description: Description; inner?: boolean }) {
  const t = useTexts(walletTexts);
  const { description, inner = false } = props;
  const { danger } = description;
  const own = danger && !description.nested.some((n) => n.danger?.reason === danger.reason);
  return (
    <div className="wallet-call">
      <p className="wallet-sentence">{description.sentence}</p>
      {danger && !inner ? (
        <Alert
          type={danger.level === 'critical' ? 'error' : 'warning'}
          showIcon
          title={danger.level === 'critical' ? t('critical') : t('careful')}
          description={danger.reason}
          className="wallet-danger"
        />
      ) : null}
      {danger && inner && own ? <StateTag tone={tones[danger.level]} text={danger.reason} /> : null}
      {description.known ? null : (
        <Alert type="warning" showIcon title={t('notNamed')} className="wallet-danger" />
      )}
      {description.nested.length > 0 ? (
        <ol className="wallet-nested">
          {description.nested.map((nested, at) => (
            // Steps have no other identity than their place.
            // biome-ignore lint/suspicious/noArrayIndexKey: their order never changes.
            <li key={at}>
              <CallView description={nested} inner />
            </li>
          ))}
        </ol>
      ) : null}
      {description.omitted > 0 ? <p>{t('moreSteps', { count: String(description.omitted) })}</p> : null}
    </div>
  );
}

/** The arguments of a call by name, and those of the calls in it. */
export function CallArguments(props: { description: Description }) {
  const { pallet, call, fields, nested } = props.description;
  return (
    <div>
      <div className="code">
        {pallet}.{call}
      </div>
      <dl className="wallet-args">
        {fields.map((field) => (
          <ArgumentRow key={field.name} name={field.name} value={field.value} />
        ))}
      </dl>
      {nested.map((inner, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: their order never changes.
        <div key={at} className="wallet-inner">
          <CallArguments description={inner} />
        </div>
      ))}
    </div>
  );
}

function ArgumentRow(props: { name: string; value: Shown }) {
  return (
    <>
      <dt>{props.name}</dt>
      <dd>
        <ShownValue value={props.value} />
      </dd>
    </>
  );
}

/** A value of the chain. */
export function ShownValue(props: { value: Shown }) {
  const { value } = props;
  switch (value.kind) {
    case 'text':
      return <span title={value.full}>{value.text}</span>;
    case 'account':
      return (
        <span>
          {value.text} <span className="code wallet-row-note">{value.address}</span>
        </span>
      );
    case 'call':
      return (
        <span className="code">
          {value.call.type}.{value.call.value.type}
        </span>
      );
    case 'list':
      return (
        <ol className="wallet-values">
          {value.items.map((item, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: their order never changes.
            <li key={at}>
              <ShownValue value={item} />
            </li>
          ))}
          {value.omitted > 0 ? <li>… +{value.omitted}</li> : null}
        </ol>
      );
    case 'record':
      return (
        <dl className="wallet-args">
          {value.fields.map((field) => (
            <ArgumentRow key={field.name} name={field.name} value={field.value} />
          ))}
        </dl>
      );
  }
}

import { App, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTexts } from '../../../i18n/useTexts';
import { keepMultisig, readMultisig, type Trouble } from '../../../wallet/multisigs';
import { Row } from '../tariffs/Fields';
import { texts } from './texts';

/** Says who holds an account together, which the chain does not know before they have signed something. */
export function Holders({ account }: { account: string }) {
  const t = useTexts(texts);
  const { message } = App.useApp();
  const [signatories, setSignatories] = useState('');
  const [threshold, setThreshold] = useState('');
  const [isTried, setTried] = useState(false);
  const read = readMultisig({ signatories, threshold }, account);
  const trouble = isTried && 'trouble' in read ? read.trouble : undefined;
  const keep = () => {
    setTried(true);
    if ('trouble' in read) return;
    keepMultisig(read.multisig);
    void message.success(t('kept'));
  };
  const atThreshold = trouble === 'notThreshold';
  return (
    <details className="o-details">
      <summary>{t('holders')}</summary>
      <Form layout="vertical" component="div">
        <p className="o-none">{t('holdersLead')}</p>
        <Row
          label={t('signatories')}
          trouble={trouble === undefined || atThreshold ? undefined : t(textOf(trouble))}
        >
          <Input.TextArea
            aria-label={t('signatories')}
            className="code"
            spellCheck={false}
            autoSize={{ minRows: 3, maxRows: 12 }}
            maxLength={10_000}
            value={signatories}
            onChange={({ target }) => setSignatories(target.value)}
          />
        </Row>
        <Row label={t('threshold')} trouble={atThreshold ? t('notThreshold') : undefined}>
          <Input
            aria-label={t('threshold')}
            inputMode="numeric"
            style={{ width: 120 }}
            maxLength={2}
            value={threshold}
            onChange={({ target }) => setThreshold(target.value)}
          />
        </Row>
        <Button onClick={keep}>{t('keep')}</Button>
      </Form>
    </details>
  );
}

function textOf(trouble: Exclude<Trouble, 'notThreshold'>) {
  return trouble === 'tooMany' ? 'tooManyHolders' : trouble;
}

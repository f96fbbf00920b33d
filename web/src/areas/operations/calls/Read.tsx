import { App, Button, Input, Radio } from 'antd';
import { useState } from 'react';
import type { DecodedCall } from '../../../chain/metadata';
import { callHash } from '../../../chain/proxies';
import { isAccount, ss58 } from '../../../format/ids';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Loading } from '../../../ui/answers';
import { Facts } from '../../../ui/Facts';
import { Hash } from '../../../ui/links';
import { CallArguments, CallView } from '../../../wallet/CallView';
import { submit } from '../../../wallet/requests';
import { Acting } from '../acting/Acting';
import type { Council } from '../council/chainCouncil';
import { Motion } from '../council/Proposing';
import { powerOf } from '../council/powers';
import { useDescription } from '../council/useCouncil';
import { Section } from '../parts/Section';
import { Row } from '../tariffs/Fields';
import { texts } from './texts';

interface Props {
  readonly call: DecodedCall;
  readonly bytes: Uint8Array;
}

/** A call in words with all its arguments, and what one can do with it. */
export function Read({ call, bytes, council }: Props & { council: Council }) {
  const t = useTexts(texts);
  const f = useFormat();
  const description = useDescription(call);
  return (
    <>
      <Section title={t('means')}>
        {description ? (
          <div className="o-stack">
            <CallView description={description} />
            <section aria-label={t('arguments')}>
              <CallArguments description={description} />
            </section>
            <Facts
              facts={[
                [t('hash'), <Hash key="hash" value={callHash(bytes)} />],
                [t('size'), f.bytes(bytes.length)],
              ]}
            />
          </div>
        ) : (
          <Loading rows={3} />
        )}
      </Section>
      <Section title={t('what')}>
        <Ways call={call} bytes={bytes} council={council} />
      </Section>
    </>
  );
}

type How = 'asOwn' | 'asCouncil' | 'asOther';

const hows: readonly How[] = ['asOwn', 'asCouncil', 'asOther'];

/** What only the council may do goes to the council, unless somebody says otherwise. */
function usualHow(call: DecodedCall): How {
  return powerOf(call) === undefined || call.type === 'System' ? 'asOwn' : 'asCouncil';
}

function Ways({ call, bytes, council }: Props & { council: Council }) {
  const t = useTexts(texts);
  const [how, choose] = useState(() => usualHow(call));
  const lead = { asOwn: t('ownLead'), asCouncil: t('councilLead'), asOther: t('otherLead') }[how];
  return (
    <div className="o-stack">
      <Radio.Group aria-label={t('what')} value={how} onChange={({ target }) => choose(target.value)}>
        <div className="o-stack o-tight">
          {hows.map((value) => (
            <Radio key={value} value={value}>
              {t(value)}
            </Radio>
          ))}
        </div>
      </Radio.Group>
      <p className="o-none">{lead}</p>
      {how === 'asOwn' ? <Own call={call} /> : null}
      {how === 'asCouncil' ? <Motion call={call} bytes={bytes} council={council} /> : null}
      {how === 'asOther' ? <Other call={call} bytes={bytes} /> : null}
    </div>
  );
}

function Own({ call }: { call: DecodedCall }) {
  const t = useTexts(texts);
  const { message } = App.useApp();
  const [isBusy, setBusy] = useState(false);
  const send = async () => {
    setBusy(true);
    const outcome = await submit(call);
    setBusy(false);
    if (outcome.result !== 'done') return;
    if (outcome.inclusion.parts.length > 0) void message.warning(t('mayFail'));
    else void message.success(t('sent'));
  };
  return (
    <div>
      <Button type="primary" loading={isBusy} onClick={() => void send()}>
        {t('send')}
      </Button>
    </div>
  );
}

function Other({ call, bytes }: Props) {
  const t = useTexts(texts);
  const [typed, type] = useState('');
  const account = typed.trim();
  const isRight = isAccount(account);
  return (
    <>
      <Row label={t('account')} trouble={account === '' || isRight ? undefined : t('notAccount')}>
        <Input
          aria-label={t('account')}
          className="code"
          autoComplete="off"
          spellCheck={false}
          maxLength={100}
          value={typed}
          onChange={({ target }) => type(target.value)}
        />
      </Row>
      {isRight ? <Acting key={account} account={ss58(account)} call={call} bytes={bytes} /> : null}
    </>
  );
}

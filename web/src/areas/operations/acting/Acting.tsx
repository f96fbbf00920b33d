import { useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Radio } from 'antd';
import { useState } from 'react';
import type { DecodedCall } from '../../../chain/metadata';
import { sayBlocks, sayProxy } from '../../../chain/proxies';
import { useFormat } from '../../../format/useFormat';
import { useLanguage, useTexts } from '../../../i18n/useTexts';
import { Loading } from '../../../ui/answers';
import { chooseAccount, submit } from '../../../wallet/requests';
import type { Way } from '../../../wallet/ways';
import { EncodedCall } from './EncodedCall';
import { actingTexts } from './texts';
import { useWays } from './useWays';

/** Has an account do a call, by whichever of this person's keys can: chosen, and signed. */
export function Acting(props: { account: string; call: DecodedCall; bytes: Uint8Array; done?: () => void }) {
  const t = useTexts(actingTexts);
  const { account, call, bytes, done } = props;
  const { ways, error } = useWays(account, call, bytes);
  const file = <EncodedCall call={call} bytes={bytes} />;
  if (ways === undefined)
    return error === null ? (
      <Loading rows={2} />
    ) : (
      <Alert type="warning" showIcon title={t('weightFailed')} />
    );
  if (ways.length === 0)
    return (
      <div className="o-stack">
        <Alert
          type="info"
          showIcon
          title={t('noWay')}
          action={<Button onClick={() => void chooseAccount()}>{t('wallet')}</Button>}
        />
        {file}
      </div>
    );
  return (
    <div className="o-stack">
      <Choose ways={ways} done={done} />
      {ways.some(({ kind }) => kind === 'multisig' || kind === 'agreed') ? (
        <>
          <p className="o-none">{t('forOthers')}</p>
          {file}
        </>
      ) : null}
    </div>
  );
}

type Signed = Extract<Way, { readonly call: DecodedCall }>;

const isSigned = (way: Way): way is Signed => 'call' in way;

function Choose({ ways, done }: { ways: readonly Way[]; done: (() => void) | undefined }) {
  const t = useTexts(actingTexts);
  const say = useSay();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [picked, pick] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const open = ways.filter(isSigned);
  const way = open.find((one) => keyOf(one) === picked) ?? open[0];
  const sign = async ({ call, signer }: Signed) => {
    setBusy(true);
    const outcome = await submit(call, signer);
    setBusy(false);
    if (outcome.result === 'cancelled') return;
    await queries.invalidateQueries({ queryKey: ['chain'] });
    if (outcome.result !== 'done') return;
    if (outcome.inclusion.parts.length > 0) void message.warning(t('mayFail'));
    else void message.success(t('done'));
    done?.();
  };
  return (
    <div className="o-stack o-tight">
      <Radio.Group
        aria-label={t('title')}
        value={way === undefined ? null : keyOf(way)}
        onChange={({ target }) => pick(String(target.value))}
      >
        <div className="o-stack o-tight">
          {ways.map((one) => (
            <Radio key={keyOf(one)} value={keyOf(one)} disabled={!isSigned(one)}>
              {say(one)}
            </Radio>
          ))}
        </div>
      </Radio.Group>
      {way === undefined ? null : (
        <div>
          <Button type="primary" loading={isBusy} onClick={() => void sign(way)}>
            {t('sign')}
          </Button>
        </div>
      )}
    </div>
  );
}

function keyOf(way: Way): string {
  const by = 'proxy' in way ? `${sayProxy(way.proxy.kind, 'en')} ${way.proxy.delay}` : '';
  const { source, address } = way.signer;
  return `${way.kind} ${source.type === 'extension' ? source.id : ''} ${address} ${by}`;
}

/** A way in words. */
function useSay(): (way: Way) => string {
  const t = useTexts(actingTexts);
  const f = useFormat();
  const language = useLanguage();
  return (way) => {
    const { name } = way.signer;
    switch (way.kind) {
      case 'own':
      case 'announced':
        return t(way.kind, { name });
      case 'proxy':
        return t('proxy', { name, what: sayProxy(way.proxy.kind, language) });
      case 'announce':
        return t('announce', {
          name,
          what: sayProxy(way.proxy.kind, language),
          delay: sayBlocks(way.proxy.delay, language),
        });
      case 'wait':
        return t('wait', { name, block: f.count(way.until) });
      case 'multisig':
        return way.missing === 0 ? t('carried', { name }) : t('multisig', { name, count: way.missing });
      case 'agreed':
        return t('agreed', { name, count: way.missing });
    }
  };
}

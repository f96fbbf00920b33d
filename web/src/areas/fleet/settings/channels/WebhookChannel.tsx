import { Button, Form, Input, Popconfirm, Radio } from 'antd';
import { useState } from 'react';
import type { Channels } from '../../../../api/methods';
import { useTexts } from '../../../../i18n/useTexts';
import { Copy } from '../../../../ui/Copy';
import { StateTag } from '../../../../ui/StateTag';
import { Section } from '../../list/Section';
import { texts as words } from '../../texts';
import { mostSecret, mostUrl, shapes, type Webhook, webhookFault, withWebhook } from './channels';
import { PendingCode } from './PendingCode';
import { texts } from './texts';
import { useSetChannels } from './useSetChannels';

/** Messages by webhook: its address, what it gets, and with what that is signed. */
export function WebhookChannel({ set }: { set: Channels }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const { save, isPending } = useSetChannels();
  const pending = set.pending.find(({ channel }) => channel === 'sms');
  const isSet = set.webhook_url !== undefined;
  const [typed, setTyped] = useState<Webhook>({
    url: pending?.to ?? set.webhook_url ?? '',
    shape: pending === undefined ? (set.webhook_shape ?? 'json') : 'sms',
    secret: '',
  });
  const [isTried, setTried] = useState(false);
  const [made, setMade] = useState<string>();
  const fault = webhookFault(typed, set);
  const wrong = (names: readonly string[]) =>
    isTried && fault !== null && names.some((name) => fault.startsWith(name))
      ? { validateStatus: 'error' as const, help: t(fault) }
      : {};
  const enter = (change: Partial<Webhook>) => setTyped({ ...typed, ...change });
  const finish = () => {
    setTried(true);
    if (fault !== null) return;
    save(withWebhook(set, typed), (now) => {
      const waits = now.pending.find(({ channel }) => channel === 'sms');
      return waits === undefined ? t('saved') : t('codeSent', { to: waits.to });
    });
    setMade(undefined);
  };
  return (
    <Section
      title={t('webhook')}
      extra={
        pending !== undefined ? (
          <StateTag tone="warn" text={t('waits')} />
        ) : (
          <StateTag tone={isSet ? 'good' : 'plain'} text={t(isSet ? 'active' : 'off')} />
        )
      }
    >
      <div className="f-stack">
        <p className="f-none">{t('webhookWhy')}</p>
        <Form layout="vertical" requiredMark={false} onFinish={finish}>
          <Form.Item label={t('url')} htmlFor="channel-url" {...wrong(['url', 'phone'])}>
            <Input
              id="channel-url"
              inputMode="url"
              autoComplete="off"
              spellCheck={false}
              maxLength={mostUrl}
              value={typed.url}
              onChange={({ target }) => enter({ url: target.value })}
            />
          </Form.Item>
          <Form.Item label={t('shape')} extra={t(`${typed.shape}Why`)}>
            <Radio.Group
              aria-label={t('shape')}
              value={typed.shape}
              options={shapes.map((value) => ({ value, label: t(value) }))}
              onChange={({ target }) => enter({ shape: target.value })}
            />
          </Form.Item>
          <Form.Item
            label={t('secret')}
            htmlFor="channel-secret"
            extra={t(isSet ? 'secretKept' : 'secretWhy')}
            {...wrong(['secret'])}
          >
            <Input.Password
              id="channel-secret"
              autoComplete="new-password"
              maxLength={mostSecret}
              value={typed.secret}
              onChange={({ target }) => enter({ secret: target.value })}
            />
          </Form.Item>
          {made === undefined ? null : (
            <div className="f-key f-row f-spread" style={{ marginBottom: 16 }}>
              <span className="code">{made}</span>
              <Copy text={made} />
            </div>
          )}
          <div className="f-row">
            <Button type="primary" htmlType="submit" loading={isPending}>
              {t('save')}
            </Button>
            <Button
              onClick={() => {
                const secret = newSecret();
                setMade(secret);
                enter({ secret });
              }}
            >
              {t('make')}
            </Button>
            {isSet || pending !== undefined ? (
              <Popconfirm
                title={t('removeAsk')}
                okText={t('remove')}
                cancelText={w('cancel')}
                onConfirm={() => save(withWebhook(set, null), () => t('removed'))}
              >
                <Button>{t('remove')}</Button>
              </Popconfirm>
            ) : null}
          </div>
        </Form>
        {pending === undefined ? null : <PendingCode of={pending} />}
      </div>
    </Section>
  );
}

/** 32 random bytes as hexadecimal digits. */
function newSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

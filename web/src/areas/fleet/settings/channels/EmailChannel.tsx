import { Alert, Button, Form, Input, Popconfirm } from 'antd';
import { useState } from 'react';
import type { Channels } from '../../../../api/methods';
import { useTexts } from '../../../../i18n/useTexts';
import { StateTag } from '../../../../ui/StateTag';
import { Section } from '../../list/Section';
import { texts as words } from '../../texts';
import { emailFault, mostEmail, withEmail } from './channels';
import { PendingCode } from './PendingCode';
import { texts } from './texts';
import { useSetChannels } from './useSetChannels';

/** Messages by e-mail: one address, which is confirmed by a code. */
export function EmailChannel({ set }: { set: Channels }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const { save, isPending } = useSetChannels();
  const pending = set.pending.find(({ channel }) => channel === 'email');
  const present = pending?.to ?? set.email ?? '';
  const [typed, setTyped] = useState(present);
  const [isTried, setTried] = useState(false);
  const fault = emailFault(typed);
  // Its secret is not known here, so setting the number again would send another code.
  const isHeld = set.pending.some(({ channel }) => channel === 'sms');
  const finish = () => {
    setTried(true);
    if (fault !== null) return;
    save(withEmail(set, typed), (now) => {
      const waits = now.pending.find(({ channel }) => channel === 'email');
      return waits === undefined ? t('saved') : t('codeSent', { to: waits.to });
    });
  };
  return (
    <Section
      title={t('email')}
      extra={
        pending !== undefined ? (
          <StateTag tone="warn" text={t('waits')} />
        ) : (
          <StateTag
            tone={set.email === undefined ? 'plain' : 'good'}
            text={t(set.email === undefined ? 'off' : 'active')}
          />
        )
      }
    >
      <div className="f-stack">
        <p className="f-none">{t('emailWhy')}</p>
        {isHeld ? <Alert type="info" showIcon title={t('smsFirst')} /> : null}
        <Form layout="vertical" requiredMark={false} onFinish={finish} disabled={isHeld}>
          <Form.Item
            label={t('address')}
            htmlFor="channel-email"
            {...(isTried && fault !== null ? { validateStatus: 'error' as const, help: t(fault) } : {})}
          >
            <Input
              id="channel-email"
              inputMode="email"
              autoComplete="email"
              maxLength={mostEmail}
              value={typed}
              onChange={({ target }) => setTyped(target.value)}
            />
          </Form.Item>
          <div className="f-row">
            <Button
              type={pending === undefined ? 'primary' : 'default'}
              htmlType="submit"
              loading={isPending}
              disabled={isHeld || (typed.trim() === present && present !== '')}
            >
              {t('save')}
            </Button>
            {present === '' ? null : (
              <Popconfirm
                title={t('removeAsk')}
                okText={t('remove')}
                cancelText={w('cancel')}
                onConfirm={() => {
                  setTyped('');
                  setTried(false);
                  save(withEmail(set, null), () => t('removed'));
                }}
              >
                <Button>{t('remove')}</Button>
              </Popconfirm>
            )}
          </div>
        </Form>
        {pending === undefined ? null : <PendingCode of={pending} />}
      </div>
    </Section>
  );
}

import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { explain } from '../../../../api/explain';
import { apiKey, useChange } from '../../../../api/hooks';
import type { Channels, PendingChannel } from '../../../../api/methods';
import { useFormat } from '../../../../format/useFormat';
import { useTexts } from '../../../../i18n/useTexts';
import { useNow } from '../../../../ui/useNow';
import { tidyCode } from './channels';
import { texts } from './texts';

/** Takes the code that was sent to a new address or number. */
export function PendingCode({ of }: { of: PendingChannel }) {
  const t = useTexts(texts);
  const f = useFormat();
  const now = useNow(1_000);
  const queries = useQueryClient();
  const { message } = App.useApp();
  const [typed, setTyped] = useState('');
  const [isTried, setTried] = useState(false);
  const confirm = useChange('inbox_confirm', ['inbox_channels']);
  const resend = useChange('inbox_resend_code', ['inbox_channels']);
  const code = tidyCode(typed);
  const left = of.code_expires_at_ms - now;
  const told = (said: string) => ({
    onSuccess: (channels: Channels) => {
      queries.setQueryData(apiKey('inbox_channels', {}), channels);
      void message.success(said);
    },
    onError: (error: unknown) => {
      const { title, remedy } = explain(error);
      void message.error(`${title} ${remedy}`, 8);
    },
  });
  const finish = () => {
    setTried(true);
    if (code !== null) confirm.mutate({ channel: of.channel, code }, told(t('confirmed')));
  };
  const id = `code-${of.channel}`;
  return (
    <Form layout="vertical" requiredMark={false} onFinish={finish}>
      <Form.Item
        label={t('codeFor', { to: of.to })}
        htmlFor={id}
        extra={left > 0 ? t('codeUntil', { left: f.countdown(left) }) : t('codeOver')}
        {...(isTried && code === null ? { validateStatus: 'error' as const, help: t('codeBad') } : {})}
      >
        <Input
          id={id}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={16}
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
        />
      </Form.Item>
      <div className="f-row">
        <Button type="primary" htmlType="submit" loading={confirm.isPending}>
          {t('confirm')}
        </Button>
        <Button
          loading={resend.isPending}
          onClick={() => resend.mutate({ channel: of.channel }, told(t('resent')))}
        >
          {t('resend')}
        </Button>
      </div>
    </Form>
  );
}

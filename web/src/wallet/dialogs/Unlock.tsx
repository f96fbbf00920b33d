import { Button, Form, Input, Space, Typography } from 'antd';
import { useState } from 'react';
import { useTexts } from '../../i18n/useTexts';
import type { WalletAccount } from '../account';
import { OPEN_FOR_MS } from '../keystore/keystore';
import { openWallet } from '../shared';
import { walletTexts } from '../texts';
import { ProblemAlert } from './ProblemAlert';

/** Asks for the password of a key and opens it. */
export function Unlock(props: { account: WalletAccount; done: () => void; cancel: () => void }) {
  const t = useTexts(walletTexts);
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const open = async (password: string) => {
    setBusy(true);
    setError(undefined);
    try {
      await (await openWallet()).keystore.unlock(props.account.address, password);
      props.done();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return (
    <Form<{ password: string }>
      layout="vertical"
      requiredMark={false}
      onFinish={({ password }) => void open(password)}
    >
      <Space orientation="vertical" size="middle" className="wallet-stack">
        <Typography.Text type="secondary">
          {t('unlockLead', { minutes: String(OPEN_FOR_MS / 60_000) })}
        </Typography.Text>
        {error === undefined ? null : <ProblemAlert error={error} />}
        <Form.Item
          name="password"
          label={t('password')}
          rules={[{ required: true, message: t('locked.do') }]}
        >
          <Input.Password autoFocus autoComplete="current-password" />
        </Form.Item>
        <Space>
          <Button onClick={props.cancel} disabled={busy}>
            {t('cancel')}
          </Button>
          <Button type="primary" htmlType="submit" loading={busy}>
            {t('unlock')}
          </Button>
        </Space>
      </Space>
    </Form>
  );
}

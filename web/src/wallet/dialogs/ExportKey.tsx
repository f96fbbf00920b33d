import { Button, Form, Input, Space, Typography } from 'antd';
import { useState } from 'react';
import { useTexts } from '../../i18n/useTexts';
import type { WalletAccount } from '../account';
import { openWallet } from '../shared';
import { walletTexts } from '../texts';
import { ProblemAlert } from './ProblemAlert';

/** Gives the key's file to take along, after its password was given. */
export function ExportKey(props: { account: WalletAccount; back: () => void }) {
  const t = useTexts(walletTexts);
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const give = async (password: string) => {
    setBusy(true);
    setError(undefined);
    try {
      const file = await (await openWallet()).keystore.export(props.account.address, password);
      download(`${file.address}.json`, JSON.stringify(file));
      props.back();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return (
    <Form<{ password: string }>
      layout="vertical"
      requiredMark={false}
      onFinish={({ password }) => void give(password)}
    >
      <Space orientation="vertical" size="middle" className="wallet-stack">
        <Typography.Text type="secondary">{t('exportLead')}</Typography.Text>
        {error === undefined ? null : <ProblemAlert error={error} />}
        <Form.Item
          name="password"
          label={t('password')}
          rules={[{ required: true, message: t('locked.do') }]}
        >
          <Input.Password autoFocus autoComplete="current-password" />
        </Form.Item>
        <Space>
          <Button onClick={props.back} disabled={busy}>
            {t('back')}
          </Button>
          <Button type="primary" htmlType="submit" loading={busy}>
            {t('download')}
          </Button>
        </Space>
      </Space>
    </Form>
  );
}

function download(name: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

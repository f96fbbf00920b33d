import { App, Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { explain } from '../../../api/explain';
import { useChange } from '../../../api/hooks';
import { useTexts } from '../../../i18n/useTexts';
import { texts } from './texts';

/** Logs an account out everywhere. */
export function EndSessions() {
  const t = useTexts(texts);
  const { message } = App.useApp();
  const [isOpen, setOpen] = useState(false);
  const [form] = Form.useForm<{ account: string }>();
  const revoke = useChange('ops_revoke', ['ops_audit', 'ops_figures']);
  const send = ({ account }: { account: string }) =>
    revoke.mutate(
      { account: account.trim() },
      {
        onSuccess: ({ sessions }) => {
          setOpen(false);
          void message.success(t('revoked', { count: sessions }));
        },
        onError: (error) => {
          const { title, remedy } = explain(error);
          void message.error(`${title} ${remedy}`);
        },
      },
    );
  return (
    <>
      <Button danger onClick={() => setOpen(true)}>
        {t('revoke')}
      </Button>
      <Modal
        title={t('revoke')}
        open={isOpen}
        okText={t('revokeDo')}
        okButtonProps={{ danger: true, loading: revoke.isPending }}
        cancelText={t('keep')}
        onOk={() => form.submit()}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        <p>{t('revokeLead')}</p>
        <Form form={form} layout="vertical" onFinish={send}>
          <Form.Item
            name="account"
            label={t('revokeAccount')}
            rules={[{ required: true, pattern: /^\s*\d{1,20}\s*$/, message: t('accountWrong') }]}
          >
            <Input inputMode="numeric" maxLength={24} />
          </Form.Item>
        </Form>
      </Modal>
    </>
  );
}

import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { isAccount, ss58 } from '../../../format/ids';
import { useTexts } from '../../../i18n/useTexts';
import { portal } from '../../../portal';
import { callOf, submit } from '../../../wallet/requests';
import { texts } from './texts';

/** Makes an account a driver of the company, signed by the wallet. */
export function EnrolDriver() {
  const t = useTexts(texts);
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [form] = Form.useForm<{ account: string }>();
  const send = async ({ account }: { account: string }) => {
    setOpen(false);
    const outcome = await submit(
      callOf('Drivers', 'enrol', { company: portal().company, account: ss58(account.trim()) }),
    );
    if (outcome.result === 'done') void message.success(t('changed'));
    await queries.invalidateQueries({ queryKey: ['index'] });
  };
  return (
    <>
      <Button type="primary" onClick={() => setOpen(true)}>
        {t('enrol')}
      </Button>
      <Modal
        title={t('enrol')}
        open={isOpen}
        okText={t('enrolDo')}
        cancelText={t('keep')}
        onOk={() => form.submit()}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        <p>{t('enrolLead')}</p>
        <Form form={form} layout="vertical" onFinish={(given) => void send(given)}>
          <Form.Item
            name="account"
            label={t('enrolAccount')}
            extra={t('signer')}
            rules={[
              {
                validator: (_, value: unknown) =>
                  typeof value === 'string' && isAccount(value.trim())
                    ? Promise.resolve()
                    : Promise.reject(new Error(t('accountWrong'))),
              },
            ]}
          >
            <Input maxLength={80} />
          </Form.Item>
        </Form>
      </Modal>
    </>
  );
}

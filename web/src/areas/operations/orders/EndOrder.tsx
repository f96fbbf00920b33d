import { App, Button, Form, Input, Modal, Radio } from 'antd';
import { useState } from 'react';
import { explain } from '../../../api/explain';
import { useCommand } from '../../../api/hooks';
import type { Party } from '../../../api/methods';
import { useTexts } from '../../../i18n/useTexts';
import { stateTexts } from './stateTexts';
import { texts } from './texts';

interface Given {
  readonly fault: Party;
  readonly reason: string;
}

const parties: readonly Party[] = ['company', 'driver', 'rider'];

/** Ends an order for the company, with whose fault it is and why. */
export function EndOrder({ order }: { order: string }) {
  const t = useTexts(texts);
  const s = useTexts(stateTexts);
  const { message } = App.useApp();
  const [isOpen, setOpen] = useState(false);
  const [form] = Form.useForm<Given>();
  const cancel = useCommand('ops_cancel', ['ops_order', 'ops_history', 'ops_orders']);
  const send = ({ fault, reason }: Given) =>
    cancel.mutate(
      { order, fault, reason: reason.trim() },
      {
        onSuccess: () => {
          setOpen(false);
          void message.success(t('endDone'));
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
        {t('end')}
      </Button>
      <Modal
        title={t('endTitle', { id: order })}
        open={isOpen}
        okText={t('end')}
        okButtonProps={{ danger: true, loading: cancel.isPending }}
        cancelText={t('keep')}
        onOk={() => form.submit()}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        <p>{t('endLead')}</p>
        <Form<Given>
          form={form}
          layout="vertical"
          initialValues={{ fault: 'company', reason: '' }}
          onFinish={send}
        >
          <Form.Item name="fault" label={t('faultOf')}>
            <Radio.Group options={parties.map((value) => ({ value, label: s(value) }))} />
          </Form.Item>
          <Form.Item
            name="reason"
            label={t('reasonOf')}
            rules={[{ required: true, whitespace: true, message: t('reasonEmpty') }]}
          >
            <Input.TextArea maxLength={200} showCount rows={3} />
          </Form.Item>
        </Form>
      </Modal>
    </>
  );
}

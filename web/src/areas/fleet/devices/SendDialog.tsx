import { Form, Input, InputNumber, Modal, Radio, Select } from 'antd';
import { useCommand } from '../../../api/hooks';
import { useTexts } from '../../../i18n/useTexts';
import { Failed } from '../../../ui/answers';
import { texts as words } from '../texts';
import { type CommandFields, commandFrom, commandKinds } from './command';
import { deviceTexts } from './texts';

/** Tells a terminal something. */
export function SendDialog(props: { terminal: string; close: () => void }) {
  const t = useTexts(deviceTexts);
  const w = useTexts(words);
  const [form] = Form.useForm<CommandFields>();
  const send = useCommand('devices_send', ['devices_commands']);
  const kind = Form.useWatch('kind', form) ?? 'text';
  const field = (name: 'channel' | 'intervalS' | 'lastingS', label: string, most: number) => (
    <Form.Item<CommandFields>
      key={name}
      name={name}
      label={label}
      rules={[{ required: true, message: t('missing') }]}
    >
      <InputNumber min={1} max={most} precision={0} style={{ width: '100%' }} />
    </Form.Item>
  );
  return (
    <Modal
      open
      title={t('send')}
      okText={t('send')}
      cancelText={w('cancel')}
      confirmLoading={send.isPending}
      onCancel={props.close}
      onOk={() => form.submit()}
    >
      <Form<CommandFields>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ kind: 'text', control: 'lock', channel: 1, intervalS: 5, lastingS: 600 }}
        onFinish={(fields) =>
          send.mutate({ terminal: props.terminal, command: commandFrom(fields) }, { onSuccess: props.close })
        }
      >
        <Form.Item<CommandFields> name="kind" label={t('kind')}>
          <Select options={commandKinds.map((value) => ({ value, label: t(value) }))} />
        </Form.Item>
        {kind === 'text' ? (
          <Form.Item<CommandFields>
            name="text"
            label={t('message')}
            rules={[{ required: true, whitespace: true, message: t('missing') }]}
          >
            <Input.TextArea rows={3} maxLength={300} showCount />
          </Form.Item>
        ) : null}
        {kind === 'control' ? (
          <Form.Item<CommandFields> name="control" label={t('control')}>
            <Radio.Group
              options={[
                { value: 'lock', label: t('lock') },
                { value: 'unlock', label: t('unlock') },
              ]}
            />
          </Form.Item>
        ) : null}
        {kind === 'take_photo' ? field('channel', t('channel'), 255) : null}
        {kind === 'track'
          ? [field('intervalS', t('interval'), 3_600), field('lastingS', t('lasting'), 86_400)]
          : null}
      </Form>
      {send.error === null ? null : <Failed error={send.error} compact />}
    </Modal>
  );
}

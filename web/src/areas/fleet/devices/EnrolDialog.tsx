import { Form, Input, Modal, Radio } from 'antd';
import { useState } from 'react';
import { useChange } from '../../../api/hooks';
import type { Details, Enrolled, Protocol } from '../../../api/methods';
import { useTexts } from '../../../i18n/useTexts';
import { Failed } from '../../../ui/answers';
import { VehicleChoice } from '../roster/VehicleChoice';
import { texts as words } from '../texts';
import { detailsFrom, type EnrolFields, isIdentity } from './identity';
import { KeyDialog } from './KeyDialog';
import { deviceTexts } from './texts';

/** What is known before: of a stranger, what it said. */
export interface EnrolStart {
  readonly identity?: string;
  readonly protocol?: Protocol;
  readonly details?: Details;
}

/** Makes a terminal known; its key is shown once. */
export function EnrolDialog(props: { start: EnrolStart; close: () => void }) {
  const t = useTexts(deviceTexts);
  const w = useTexts(words);
  const [form] = Form.useForm<EnrolFields>();
  const enrol = useChange('devices_enrol', ['devices_list', 'devices_strangers']);
  const [enrolled, setEnrolled] = useState<Enrolled | null>(null);
  const { start, close } = props;
  const protocol = Form.useWatch('protocol', form) ?? start.protocol ?? 'jt808';
  const finish = (fields: EnrolFields) => {
    const details = detailsFrom(fields);
    enrol.mutate(
      {
        identity: fields.identity.trim(),
        protocol: fields.protocol,
        ...(details === undefined ? {} : { details }),
        ...(fields.vehicle === undefined ? {} : { vehicle: fields.vehicle }),
      },
      { onSuccess: setEnrolled },
    );
  };
  if (enrolled !== null)
    return <KeyDialog identity={enrolled.terminal.identity} secret={enrolled.key} close={close} />;
  return (
    <Modal
      open
      title={t('enrol')}
      okText={t('enrolThis')}
      cancelText={w('cancel')}
      confirmLoading={enrol.isPending}
      onCancel={close}
      onOk={() => form.submit()}
    >
      <Form<EnrolFields>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ protocol, identity: start.identity ?? '', ...start.details }}
        onFinish={finish}
      >
        <Form.Item<EnrolFields> name="protocol" label={t('protocol')}>
          <Radio.Group
            options={[
              { value: 'jt808', label: t('jt808') },
              { value: 'key', label: t('key') },
            ]}
          />
        </Form.Item>
        <Form.Item<EnrolFields>
          name="identity"
          label={t('identity')}
          extra={t('identityHint')}
          validateTrigger="onBlur"
          rules={[
            { required: true, whitespace: true, message: t('missing') },
            {
              validator: async (_, typed: unknown) => {
                if (typeof typed === 'string' && typed.trim() !== '' && !isIdentity(protocol, typed.trim()))
                  throw new Error(t('identityBad'));
              },
            },
          ]}
        >
          <Input autoComplete="off" maxLength={64} />
        </Form.Item>
        <Form.Item<EnrolFields> name="vehicle" label={w('vehicle')}>
          <VehicleField none={t('notBound')} />
        </Form.Item>
        <details>
          <summary>
            {t('details')} — {t('detailsHint')}
          </summary>
          {(['manufacturer', 'model', 'serial', 'plate', 'vin'] as const).map((name) => (
            <Form.Item<EnrolFields> key={name} name={name} label={t(name)}>
              <Input autoComplete="off" maxLength={64} />
            </Form.Item>
          ))}
        </details>
      </Form>
      {enrol.error === null ? null : <Failed error={enrol.error} compact />}
    </Modal>
  );
}

/** As a field of a form. */
function VehicleField(props: {
  value?: number;
  onChange?: (vehicle: number | undefined) => void;
  none: string;
}) {
  return (
    <VehicleChoice
      value={props.value}
      canBeNone
      none={props.none}
      width="100%"
      choose={(vehicle) => props.onChange?.(vehicle)}
    />
  );
}

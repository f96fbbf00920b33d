import { Alert, Form, Input, Modal, Select } from 'antd';
import { useSession } from '../../../api/hooks';
import { VOCABULARY } from '../../../chain/calls/vocabulary';
import { useTexts } from '../../../i18n/useTexts';
import { callOf } from '../../../wallet/requests';
import { useWord } from '../roster/stateWords';
import { texts as words } from '../texts';
import { asciiHex, bytesOf, mostModelBytes, tidyPlate } from './papers';
import { texts } from './texts';
import { usePaperRules } from './usePaperRules';
import { useSign } from './useSign';
import { tidyVin } from './vin';

interface Typed {
  vin: string;
  plate: string;
  model: string;
  class: string;
}

/** Registers a vehicle of the company on the chain. */
export function RegisterDialog(props: { open: boolean; close: () => void }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const word = useWord();
  const company = useSession()?.company ?? 0;
  const [form] = Form.useForm<Typed>();
  const rules = usePaperRules();
  const sign = useSign();
  const finish = async (typed: Typed) => {
    props.close();
    const isDone = await sign(
      callOf('Vehicles', 'register', {
        company,
        vin: asciiHex(tidyVin(typed.vin)),
        plate: bytesOf(tidyPlate(typed.plate)),
        model: bytesOf(typed.model.trim()),
        class: { type: typed.class, value: undefined },
      }),
    );
    if (isDone) form.resetFields();
  };
  return (
    <Modal
      open={props.open}
      title={t('register')}
      okText={t('register')}
      cancelText={w('cancel')}
      onCancel={props.close}
      onOk={() => form.submit()}
      forceRender
    >
      <Form<Typed>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ class: 'Economy' }}
        onFinish={(typed) => void finish(typed)}
      >
        <Form.Item<Typed> name="vin" label={t('vin')} rules={[rules.vin]} validateTrigger="onBlur">
          <Input autoComplete="off" spellCheck={false} maxLength={40} className="code" />
        </Form.Item>
        <Form.Item<Typed> name="plate" label={t('plate')} rules={[rules.plate]} validateTrigger="onBlur">
          <Input autoComplete="off" maxLength={40} />
        </Form.Item>
        <Form.Item<Typed>
          name="model"
          label={t('model')}
          rules={[rules.text(mostModelBytes)]}
          validateTrigger="onBlur"
        >
          <Input autoComplete="off" maxLength={100} />
        </Form.Item>
        <Form.Item<Typed> name="class" label={t('class')}>
          <Select
            options={Object.keys(VOCABULARY['VehicleClass'] ?? {}).map((value) => ({
              value,
              label: word('VehicleClass', value),
            }))}
          />
        </Form.Item>
      </Form>
      <Alert type="info" showIcon title={w('chainNote')} />
    </Modal>
  );
}

import { Alert, Form, Input, Modal, Select } from 'antd';
import { useSession } from '../../../api/hooks';
import { parseMoney } from '../../../format/money';
import { useTexts } from '../../../i18n/useTexts';
import { callOf } from '../../../wallet/requests';
import { useCompanies } from '../roster/useCompanies';
import { texts as words } from '../texts';
import { texts } from './texts';
import { useMoneyRule } from './useMoneyRule';
import { useSign } from './useSign';

interface Typed {
  to: number;
  price: string;
}

/** Offers a vehicle to another company for a price. Only that company may accept it. */
export function OfferDialog(props: { vehicle: number; open: boolean; close: () => void }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const own = useSession()?.company;
  const companies = useCompanies();
  const [form] = Form.useForm<Typed>();
  const price = useMoneyRule();
  const sign = useSign();
  const finish = async (typed: Typed) => {
    const read = parseMoney(typed.price);
    if (!read.ok) return;
    props.close();
    await sign(
      callOf('Vehicles', 'offer_transfer', { vehicle: props.vehicle, to: typed.to, price: read.value }),
    );
  };
  return (
    <Modal
      open={props.open}
      title={t('offer')}
      okText={t('offer')}
      cancelText={w('cancel')}
      onCancel={props.close}
      onOk={() => form.submit()}
      destroyOnHidden
    >
      <Form<Typed>
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={(typed) => void finish(typed)}
      >
        <Form.Item<Typed> name="to" label={t('buyer')} rules={[{ required: true, message: t('missing') }]}>
          <Select
            showSearch={{ optionFilterProp: 'label' }}
            options={companies.all
              .filter(({ id, standing }) => id !== own && standing === 'active')
              .map(({ id, name }) => ({ value: id, label: name }))}
          />
        </Form.Item>
        <Form.Item<Typed>
          name="price"
          label={t('price')}
          extra={t('priceHint')}
          rules={[price]}
          validateTrigger="onBlur"
        >
          <Input prefix="¥" inputMode="decimal" autoComplete="off" maxLength={60} />
        </Form.Item>
      </Form>
      <Alert type="info" showIcon title={t('saleLead')} description={w('chainNote')} />
    </Modal>
  );
}

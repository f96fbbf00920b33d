import { Alert, App, Button, Checkbox, Form, Input, InputNumber, Select } from 'antd';
import { explain } from '../../../api/explain';
import { useChange } from '../../../api/hooks';
import { useTexts } from '../../../i18n/useTexts';
import { datumOf, FenceCoordinates, type FenceShape, shapeFault, writeFence } from '../../../map';
import { portal } from '../../../portal';
import { texts as words } from '../texts';
import { type FenceFields, fenceClasses, fieldsOf, propertiesFrom } from './form';
import { texts } from './texts';
import type { Fence } from './useFences';

/** Name and conditions of a geofence, and its places as numbers; the shape is drawn on the map beside it. */
export function FenceForm(props: {
  of: Fence | null;
  shape: FenceShape | null;
  draw: (shape: FenceShape) => void;
  /** It was saved under this number, or given up. */
  end: (id?: number) => void;
}) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const { message } = App.useApp();
  const [form] = Form.useForm<FenceFields>();
  const put = useChange('telemetry_put_geofences', ['telemetry_geofences']);
  const { of, shape } = props;
  const isReady = shape !== null && shapeFault(shape) === null;
  const save = (fields: FenceFields) => {
    if (shape === null || !isReady) return;
    const feature = writeFence(shape, propertiesFrom(fields, of?.id), datumOf(portal().tiles));
    put.mutate(
      { geojson: { ...feature } },
      {
        onSuccess: ({ geofences: [saved] }) => {
          if (saved !== undefined) void message.success(t('saved', { version: saved.version }));
          props.end(saved?.id);
        },
        onError: (error) => {
          const { title, remedy } = explain(error);
          void message.error(`${title} ${remedy}`);
        },
      },
    );
  };
  return (
    <Form<FenceFields>
      form={form}
      layout="vertical"
      requiredMark={false}
      initialValues={fieldsOf(of?.properties ?? {})}
      onFinish={save}
    >
      <Form.Item<FenceFields>
        name="name"
        label={t('name')}
        rules={[{ required: true, whitespace: true, message: t('nameMissing') }]}
      >
        <Input maxLength={100} autoComplete="off" />
      </Form.Item>
      <Form.Item<FenceFields> name="alert" label={t('alertOn')}>
        <Checkbox.Group
          options={[
            { value: 'enter', label: t('enter') },
            { value: 'exit', label: t('exit') },
          ]}
        />
      </Form.Item>
      <Form.Item<FenceFields> name="dwellMin" label={t('dwell')}>
        <InputNumber min={1} max={10_080} precision={0} style={{ width: '100%' }} />
      </Form.Item>
      <Form.Item<FenceFields> name="limitKmh" label={t('limit')}>
        <InputNumber min={5} max={200} precision={0} style={{ width: '100%' }} />
      </Form.Item>
      <Form.Item<FenceFields> name="classes" label={t('classes')}>
        <Select
          mode="multiple"
          placeholder={t('allClasses')}
          options={fenceClasses.map((value) => ({ value, label: t(value) }))}
        />
      </Form.Item>
      {shape === null ? (
        <Alert type="info" showIcon title={t('draw')} />
      ) : (
        <details>
          <summary>{t('places')}</summary>
          <FenceCoordinates value={shape} onChange={props.draw} />
        </details>
      )}
      <div className="f-row" style={{ marginTop: 16 }}>
        <Button type="primary" htmlType="submit" loading={put.isPending} disabled={!isReady}>
          {w('save')}
        </Button>
        <Button onClick={() => props.end()}>{w('cancel')}</Button>
      </div>
    </Form>
  );
}

import { Alert, Button, Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { VOCABULARY } from '../../../chain/calls/vocabulary';
import { useTexts } from '../../../i18n/useTexts';
import { callOf } from '../../../wallet/requests';
import { useWord } from '../roster/stateWords';
import type { ChainVehicle } from '../roster/useRoster';
import { texts as words } from '../texts';
import { bytesOf, tidyPlate } from './papers';
import { texts } from './texts';
import { usePaperRules } from './usePaperRules';
import { useSign } from './useSign';

/** Changes the status and the plate of one's own vehicle on the chain. */
export function ManageButtons({ vehicle }: { vehicle: ChainVehicle }) {
  const t = useTexts(texts);
  const [open, setOpen] = useState<'status' | 'plate' | null>(null);
  if (vehicle.status === 'Scrapped') return null;
  const close = () => setOpen(null);
  return (
    <>
      <Button onClick={() => setOpen('status')}>{t('setStatus')}</Button>
      <Button onClick={() => setOpen('plate')}>{t('setPlate')}</Button>
      <StatusDialog vehicle={vehicle} open={open === 'status'} close={close} />
      <PlateDialog vehicle={vehicle} open={open === 'plate'} close={close} />
    </>
  );
}

interface DialogProps {
  vehicle: ChainVehicle;
  open: boolean;
  close: () => void;
}

function StatusDialog({ vehicle, open, close }: DialogProps) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const word = useWord();
  const sign = useSign();
  const [chosen, setChosen] = useState<string>();
  const status = chosen ?? vehicle.status;
  return (
    <Modal
      open={open}
      title={t('setStatus')}
      okText={t('setStatus')}
      okButtonProps={{ disabled: status === vehicle.status, danger: status === 'Scrapped' }}
      cancelText={w('cancel')}
      onCancel={close}
      afterClose={() => setChosen(undefined)}
      onOk={() => {
        close();
        void sign(
          callOf('Vehicles', 'set_status', {
            vehicle: vehicle.id,
            status: { type: status, value: undefined },
          }),
        );
      }}
    >
      <div className="f-stack">
        <Select
          aria-label={t('status')}
          value={status}
          onChange={setChosen}
          options={Object.keys(VOCABULARY['VehicleStatus'] ?? {}).map((value) => ({
            value,
            label: word('VehicleStatus', value),
          }))}
        />
        {status === 'Scrapped' ? <Alert type="warning" showIcon title={t('scrapWarns')} /> : null}
        <Alert type="info" showIcon title={w('chainNote')} />
      </div>
    </Modal>
  );
}

function PlateDialog({ vehicle, open, close }: DialogProps) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const sign = useSign();
  const rules = usePaperRules();
  const [form] = Form.useForm<{ plate: string }>();
  return (
    <Modal
      open={open}
      title={t('setPlate')}
      okText={t('setPlate')}
      cancelText={w('cancel')}
      onCancel={close}
      onOk={() => form.submit()}
      destroyOnHidden
    >
      <Form<{ plate: string }>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ plate: vehicle.plate ?? '' }}
        onFinish={({ plate }) => {
          close();
          void sign(
            callOf('Vehicles', 'set_plate', { vehicle: vehicle.id, plate: bytesOf(tidyPlate(plate)) }),
          );
        }}
      >
        <Form.Item name="plate" label={t('plate')} rules={[rules.plate]} validateTrigger="onBlur">
          <Input autoComplete="off" maxLength={40} />
        </Form.Item>
      </Form>
      <Alert type="info" showIcon title={w('chainNote')} />
    </Modal>
  );
}

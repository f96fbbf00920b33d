import { Modal, Radio } from 'antd';
import { useState } from 'react';
import { useTexts } from '../../../i18n/useTexts';
import { texts } from '../texts';

const reasons = ['noShowAbsent', 'noShowUnreachable', 'noShowRefused'] as const;

/** Asks why the rider does not come, and says what follows. */
export function NoShowForm(props: { close: () => void; done: (reason: string) => void }) {
  const t = useTexts(texts);
  const [reason, setReason] = useState<(typeof reasons)[number]>('noShowAbsent');
  return (
    <Modal
      open
      title={t('driver_no_show')}
      okText={t('endOrder')}
      cancelText={t('back')}
      okButtonProps={{ danger: true }}
      onCancel={props.close}
      onOk={() => props.done(t(reason))}
    >
      <p>{t('noShowWhat')}</p>
      <Radio.Group
        aria-label={t('reason')}
        className="d-form"
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        options={reasons.map((value) => ({ value, label: t(value) }))}
      />
    </Modal>
  );
}

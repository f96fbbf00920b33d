import { Alert, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { ss58 } from '../../../../format/ids';
import { useTexts } from '../../../../i18n/useTexts';
import { callOf } from '../../../../wallet/requests';
import { texts as words } from '../../texts';
import { useSign } from '../../vehicles/useSign';
import { targetFault } from './seat';
import { texts } from './texts';

/** Lets another account vote for the company in the council. */
export function SeatDialog(props: {
  company: number;
  seat: string | null;
  seats: ReadonlyArray<string | null>;
  close: () => void;
}) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const sign = useSign();
  const { company, seat, seats, close } = props;
  const [typed, setTyped] = useState('');
  const [isTried, setTried] = useState(false);
  const fault = targetFault(typed, seat, seats);
  const finish = () => {
    setTried(true);
    if (fault !== null) return;
    close();
    void sign(callOf('Consortium', 'move_seat', { company, to: ss58(typed.trim()) }));
  };
  return (
    <Modal open title={t('move')} okText={t('sign')} cancelText={w('cancel')} onCancel={close} onOk={finish}>
      <Form layout="vertical" requiredMark={false} onFinish={finish}>
        <Form.Item
          label={t('to')}
          htmlFor="seat-to"
          extra={t('toHint')}
          {...(isTried && fault !== null ? { validateStatus: 'error' as const, help: t(fault) } : {})}
        >
          <Input
            id="seat-to"
            className="code"
            autoComplete="off"
            spellCheck={false}
            maxLength={100}
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
          />
        </Form.Item>
      </Form>
      <Alert type="warning" showIcon title={t('moveText')} description={w('chainNote')} />
    </Modal>
  );
}

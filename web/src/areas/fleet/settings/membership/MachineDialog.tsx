import { Alert, Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { VOCABULARY } from '../../../../chain/calls/vocabulary';
import { peerIdOf } from '../../../../format/peers';
import { useLanguage, useTexts } from '../../../../i18n/useTexts';
import { callOf } from '../../../../wallet/requests';
import { texts as words } from '../../texts';
import { useSign } from '../../vehicles/useSign';
import { type Fault, type Machine, type NodeKind, nodeKinds, readMachine } from './machine';
import { texts } from './texts';

/** Registers a machine, or gives one that is registered another kind and label. */
export function MachineDialog(props: {
  company: number;
  present: Machine | null;
  machines: readonly Machine[];
  close: () => void;
}) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const language = useLanguage();
  const sign = useSign();
  const { company, present, machines, close } = props;
  const [node, setNode] = useState(present === null ? '' : peerIdOf(present.node));
  const [kind, setKind] = useState<NodeKind>(present?.kind ?? 'Full');
  const [label, setLabel] = useState(present?.label ?? '');
  const [isTried, setTried] = useState(false);
  const read = readMachine({ node, label, kind }, machines);
  const error = (...faults: readonly Fault[]) =>
    isTried && read.fault !== null && faults.includes(read.fault)
      ? { validateStatus: 'error' as const, help: t(read.fault) }
      : {};
  const finish = () => {
    setTried(true);
    if (read.fault !== null) return;
    close();
    void sign(
      callOf('Nodes', 'register', {
        company,
        node: read.node,
        kind: { type: kind, value: undefined },
        label: read.label,
      }),
    );
  };
  return (
    <Modal
      open
      title={t(present === null ? 'register' : 'change')}
      okText={t('sign')}
      cancelText={w('cancel')}
      onCancel={close}
      onOk={finish}
    >
      <Form layout="vertical" requiredMark={false} onFinish={finish}>
        <Form.Item
          label={t('peerId')}
          htmlFor="machine-node"
          extra={t('peerIdHint')}
          {...error('notNode', 'tooMany')}
        >
          <Input
            id="machine-node"
            className="code"
            autoComplete="off"
            spellCheck={false}
            maxLength={100}
            disabled={present !== null}
            value={node}
            onChange={({ target }) => setNode(target.value)}
          />
        </Form.Item>
        <Form.Item label={t('kind')} htmlFor="machine-kind" extra={t(`${kind}Hint`)}>
          <Select<NodeKind>
            id="machine-kind"
            value={kind}
            options={nodeKinds.map((value) => ({
              value,
              label: VOCABULARY['NodeKind']?.[value]?.[language] ?? value,
            }))}
            onChange={setKind}
          />
        </Form.Item>
        <Form.Item label={t('label')} htmlFor="machine-label" {...error('labelEmpty', 'labelLong', 'same')}>
          <Input
            id="machine-label"
            maxLength={64}
            value={label}
            onChange={({ target }) => setLabel(target.value)}
          />
        </Form.Item>
      </Form>
      {present === null && read.fault === null && read.present !== undefined ? (
        <Alert type="info" showIcon title={t('replaces', { label: read.present.label })} />
      ) : null}
      <Alert type="info" showIcon title={t('registerText')} description={w('chainNote')} />
    </Modal>
  );
}

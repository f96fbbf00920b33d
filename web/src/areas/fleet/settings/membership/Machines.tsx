import { PlusOutlined } from '@ant-design/icons';
import { App, Button, Table } from 'antd';
import type { ColumnType } from 'antd/es/table';
import { useState } from 'react';
import { VOCABULARY } from '../../../../chain/calls/vocabulary';
import { peerIdOf } from '../../../../format/peers';
import { useLanguage, useTexts } from '../../../../i18n/useTexts';
import { Empty } from '../../../../ui/answers';
import { Icon } from '../../../../ui/Icon';
import { BlockLink, Hash } from '../../../../ui/links';
import { callOf } from '../../../../wallet/requests';
import { texts as words } from '../../texts';
import { useSign } from '../../vehicles/useSign';
import { MachineDialog } from './MachineDialog';
import type { Machine } from './machine';
import { texts } from './texts';

/** The machines that the company may run in the network. `may`: whether one's role lets one change them. */
export function Machines({ of, company, may }: { of: readonly Machine[]; company: number; may: boolean }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const take = useUnregister(company);
  /** Null: a new one. Undefined: none. */
  const [open, setOpen] = useState<Machine | null>();
  const columns: ColumnType<Machine>[] = [
    { key: 'label', title: t('label'), dataIndex: 'label' },
    { key: 'node', title: t('peerId'), render: (_, { node }) => <Hash value={peerIdOf(node)} /> },
    {
      key: 'kind',
      title: t('kind'),
      render: (_, { kind }) => VOCABULARY['NodeKind']?.[kind]?.[language] ?? kind,
    },
    {
      key: 'since',
      title: t('since'),
      align: 'right',
      render: (_, { since }) => (since === null ? null : <BlockLink number={since} />),
      responsive: ['sm'],
    },
  ];
  const actions: ColumnType<Machine> = {
    key: 'actions',
    align: 'right',
    render: (_, machine) => (
      <span className="f-row f-end">
        <Button size="small" onClick={() => setOpen(machine)}>
          {t('change')}
        </Button>
        <Button size="small" onClick={() => take(machine)}>
          {t('unregister')}
        </Button>
      </span>
    ),
  };
  return (
    <section className="f-stack f-tight" aria-label={t('nodes')}>
      <h2 className="f-heading">{t('nodes')}</h2>
      <p className="f-none f-quiet">
        {t('nodesLead')} {may ? null : t('needsRoles')}
      </p>
      {may ? (
        <div>
          <Button type="primary" icon={<Icon of={PlusOutlined} />} onClick={() => setOpen(null)}>
            {t('register')}
          </Button>
        </div>
      ) : null}
      <Table<Machine>
        size="small"
        aria-label={t('nodes')}
        rowKey="node"
        columns={may ? [...columns, actions] : columns}
        dataSource={[...of]}
        pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
        scroll={{ x: 'max-content' }}
        locale={{ emptyText: <Empty text={t('noNodes')} /> }}
      />
      {open === undefined ? null : (
        <MachineDialog
          key={open?.node ?? 'new'}
          company={company}
          present={open}
          machines={of}
          close={() => setOpen(undefined)}
        />
      )}
    </section>
  );
}

/** Asks first: a machine that is taken out is cut off. */
function useUnregister(company: number): (machine: Machine) => void {
  const t = useTexts(texts);
  const w = useTexts(words);
  const { modal } = App.useApp();
  const sign = useSign();
  return ({ node, label, kind }) => {
    modal.confirm({
      title: t('unregisterTitle', { label }),
      content: `${t(kind === 'Validator' ? 'unregisterValidator' : 'unregisterText')} ${w('chainNote')}`,
      okText: t('sign'),
      cancelText: w('cancel'),
      onOk: () => void sign(callOf('Nodes', 'unregister', { company, node })),
    });
  };
}

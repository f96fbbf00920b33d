import '../fleet.css';
import { getRouteApi } from '@tanstack/react-router';
import { App, Button, Modal } from 'antd';
import { useState } from 'react';
import { explain } from '../../../api/explain';
import { useCall, useChange, useMay } from '../../../api/hooks';
import type { Enrolled, Terminal } from '../../../api/methods';
import { useTexts } from '../../../i18n/useTexts';
import { Answered } from '../../../ui/answers';
import { Facts } from '../../../ui/Facts';
import { Hash } from '../../../ui/links';
import { Page } from '../../../ui/Page';
import { StateTag } from '../../../ui/StateTag';
import { Ago, Time } from '../../../ui/Time';
import { Section } from '../list/Section';
import { VehicleChoice } from '../roster/VehicleChoice';
import { VehicleName } from '../roster/VehicleName';
import { texts as words } from '../texts';
import { Commands } from './Commands';
import { KeyDialog } from './KeyDialog';
import { MediaOf } from './MediaOf';
import { terminalTone } from './terminal';
import { deviceTexts } from './texts';

const route = getRouteApi('/fleet/devices/$terminal');

/** One terminal: where it is, whether it works, what it was told, what it uploaded. */
export function DevicePage() {
  const t = useTexts(deviceTexts);
  const { terminal: id } = route.useParams();
  const query = useCall('devices_get', { terminal: id }, { refetchInterval: 10_000 });
  const mayManage = useMay('devices_bind');
  return (
    <Answered query={query} rows={8}>
      {(terminal) => (
        <Page
          title={terminal.identity}
          tags={<StateTag tone={terminalTone(terminal.state)} text={t(terminal.state ?? 'stateUnknown')} />}
          extra={mayManage ? <Manage terminal={terminal} /> : undefined}
        >
          <div className="f-columns">
            <Section title={t('details')}>
              <TerminalFacts of={terminal} />
            </Section>
            <div className="f-stack">
              <Commands terminal={terminal.id} />
              <MediaOf terminal={terminal.id} />
            </div>
          </div>
        </Page>
      )}
    </Answered>
  );
}

function TerminalFacts({ of }: { of: Terminal }) {
  const t = useTexts(deviceTexts);
  const { details, connection } = of;
  return (
    <Facts
      facts={[
        [t('bound'), of.vehicle == null ? t('notBound') : <VehicleName key="v" id={of.vehicle} />],
        [t('protocol'), of.protocol == null ? t('otherKind') : t(of.protocol)],
        [t('connected'), connection == null ? t('notConnected') : t('connectedBy', connection)],
        [t('lastSeen'), of.last_seen_ms == null ? t('never') : <Ago key="s" at={of.last_seen_ms} />],
        [t('enrolled'), <Time key="e" at={of.created_ms} />],
        [t('manufacturer'), details.manufacturer],
        [t('model'), details.model],
        [t('serial'), details.serial],
        [t('plate'), details.plate],
        [t('vin'), details.vin],
        [t('chainId'), of.device_id === undefined ? null : <Hash key="h" value={of.device_id} />],
        [
          t('onChain'),
          of.bound_on_chain == null ? t('chainNot') : t('chainSince', { block: of.bound_on_chain }),
        ],
      ]}
    />
  );
}

/** Binds it, renews its key, takes it out of service. */
function Manage({ terminal }: { terminal: Terminal }) {
  const t = useTexts(deviceTexts);
  const w = useTexts(words);
  const { message, modal } = App.useApp();
  const changes = ['devices_get', 'devices_list'] as const;
  const setState = useChange('devices_set_state', changes);
  const renew = useChange('devices_renew_key', changes);
  const [isBinding, setIsBinding] = useState(false);
  const [renewed, setRenewed] = useState<Enrolled | null>(null);
  const failed = (error: Error) => {
    const { title, remedy } = explain(error);
    void message.error(`${title} ${remedy}`);
  };
  const told = { onSuccess: () => void message.success(t('done')), onError: failed };
  const isWorking = terminal.state === 'active';
  const askSuspend = () =>
    void modal.confirm({
      title: t('suspend'),
      content: t('suspendWhy'),
      okText: t('suspend'),
      okButtonProps: { danger: true },
      cancelText: w('cancel'),
      onOk: () => setState.mutate({ terminal: terminal.id, state: 'suspended' }, told),
    });
  const askRenew = () =>
    void modal.confirm({
      title: t('renew'),
      content: t('renewWhy'),
      okText: t('renew'),
      cancelText: w('cancel'),
      onOk: () => renew.mutate({ terminal: terminal.id }, { onSuccess: setRenewed, onError: failed }),
    });
  return (
    <>
      <Button type="primary" onClick={() => setIsBinding(true)}>
        {t('bind')}
      </Button>
      {terminal.protocol === 'key' ? (
        <Button loading={renew.isPending} onClick={askRenew}>
          {t('renew')}
        </Button>
      ) : null}
      {isWorking ? (
        <Button danger loading={setState.isPending} onClick={askSuspend}>
          {t('suspend')}
        </Button>
      ) : (
        <Button
          loading={setState.isPending}
          onClick={() => setState.mutate({ terminal: terminal.id, state: 'active' }, told)}
        >
          {t('resume')}
        </Button>
      )}
      {isBinding ? <BindDialog terminal={terminal} close={() => setIsBinding(false)} told={told} /> : null}
      {renewed === null ? null : (
        <KeyDialog identity={terminal.identity} secret={renewed.key} close={() => setRenewed(null)} />
      )}
    </>
  );
}

function BindDialog(props: {
  terminal: Terminal;
  close: () => void;
  told: { onSuccess: () => void; onError: (error: Error) => void };
}) {
  const t = useTexts(deviceTexts);
  const w = useTexts(words);
  const { terminal, close, told } = props;
  const [vehicle, setVehicle] = useState(terminal.vehicle);
  const bind = useChange('devices_bind', ['devices_get', 'devices_list']);
  return (
    <Modal
      open
      title={t('bind')}
      okText={w('save')}
      cancelText={w('cancel')}
      confirmLoading={bind.isPending}
      okButtonProps={{ disabled: vehicle === terminal.vehicle }}
      onCancel={close}
      onOk={() =>
        bind.mutate(
          { terminal: terminal.id, ...(vehicle === undefined ? {} : { vehicle }) },
          {
            ...told,
            onSuccess: () => {
              told.onSuccess();
              close();
            },
          },
        )
      }
    >
      <VehicleChoice value={vehicle} canBeNone none={t('notBound')} width="100%" choose={setVehicle} />
    </Modal>
  );
}

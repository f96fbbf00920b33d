import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useCall, useMay, useSession } from '../../../api/hooks';
import type { Terminal } from '../../../api/methods';
import { useTexts } from '../../../i18n/useTexts';
import { Answered } from '../../../ui/answers';
import { StateTag } from '../../../ui/StateTag';
import { Ago } from '../../../ui/Time';
import { callOf } from '../../../wallet/requests';
import { terminalTone } from '../devices/terminal';
import { deviceTexts } from '../devices/texts';
import { Section } from '../list/Section';
import { texts } from './texts';
import { useSign } from './useSign';
import type { FoundVehicle } from './VehiclePage';

/** The terminals in the vehicle, and whether the chain has them there too. */
export function Bound(props: { vehicle: number; onChain: FoundVehicle['devices'] }) {
  const t = useTexts(texts);
  const may = useMay('devices_list');
  const query = useCall('devices_list', { vehicle: props.vehicle }, { enabled: may });
  if (!may) return null;
  return (
    <Section title={t('devices')}>
      <Answered
        query={query}
        isEmpty={({ terminals }) => terminals.length === 0}
        empty={<p className="f-none">{t('noDevices')}</p>}
      >
        {({ terminals }) => (
          <ul className="f-plain f-stack">
            {terminals.map((terminal) => (
              <li key={terminal.id}>
                <BoundTerminal terminal={terminal} {...props} />
              </li>
            ))}
          </ul>
        )}
      </Answered>
    </Section>
  );
}

function BoundTerminal(props: { terminal: Terminal; vehicle: number; onChain: FoundVehicle['devices'] }) {
  const t = useTexts(texts);
  const d = useTexts(deviceTexts);
  const sign = useSign();
  const { terminal, vehicle } = props;
  const isFleet = useSession()?.roles.includes('fleet') === true;
  const device = terminal.device_id;
  const there = props.onChain.find((one) => one.device?.toLowerCase() === device?.toLowerCase());
  return (
    <div className="f-row f-spread">
      <span className="f-row">
        <Link to="/fleet/devices/$terminal" params={{ terminal: terminal.id }}>
          {terminal.identity}
        </Link>
        <StateTag tone={terminalTone(terminal.state)} text={d(terminal.state ?? 'stateUnknown')} />
        <span className="f-quiet">
          {terminal.last_seen_ms == null ? d('never') : <Ago at={terminal.last_seen_ms} />}
        </span>
      </span>
      <span className="f-row">
        <span className="f-quiet">
          {there === undefined ? t('notBoundChain') : t('boundChain', { block: there.blockNumber })}
        </span>
        {!isFleet || device === undefined ? null : there === undefined ? (
          <Button
            size="small"
            onClick={() => void sign(callOf('Vehicles', 'bind_device', { vehicle, device, key: undefined }))}
          >
            {t('bindChain')}
          </Button>
        ) : (
          <Button
            size="small"
            onClick={() => void sign(callOf('Vehicles', 'unbind_device', { vehicle, device }))}
          >
            {t('unbindChain')}
          </Button>
        )}
      </span>
    </div>
  );
}

import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTexts } from '../../../i18n/useTexts';
import { Filters } from '../../../ui/Filters';
import { VehicleChoice } from '../roster/VehicleChoice';
import { texts as words } from '../texts';
import { type Asked, localMs, localText, quick, quickSpan, spanFault } from './asked';
import { texts } from './texts';

/** Which vehicle, from when until when. */
export function SpanForm(props: {
  vehicle: number | undefined;
  asked: Asked;
  show: (vehicle: number, asked: Asked) => void;
}) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const [vehicle, setVehicle] = useState(props.vehicle);
  const [from, setFrom] = useState(localText(props.asked.fromMs));
  const [until, setUntil] = useState(localText(props.asked.untilMs));
  const [fromMs, untilMs] = [localMs(from), localMs(until)];
  const asked = fromMs === null || untilMs === null ? null : { fromMs, untilMs };
  const fault = asked === null ? null : spanFault(asked);
  const choose = (span: Asked) => {
    setFrom(localText(span.fromMs));
    setUntil(localText(span.untilMs));
    if (vehicle !== undefined) props.show(vehicle, span);
  };
  return (
    <>
      <Filters>
        <VehicleChoice value={vehicle} choose={setVehicle} />
        <Input
          type="datetime-local"
          aria-label={w('from')}
          title={w('from')}
          style={{ width: 200 }}
          value={from}
          onChange={(event) => setFrom(event.target.value)}
        />
        <Input
          type="datetime-local"
          aria-label={w('until')}
          title={w('until')}
          style={{ width: 200 }}
          value={until}
          {...(fault === null ? {} : { status: 'error' as const })}
          onChange={(event) => setUntil(event.target.value)}
        />
        <Button
          type="primary"
          disabled={vehicle === undefined || asked === null || fault !== null}
          onClick={() => {
            if (vehicle !== undefined && asked !== null) props.show(vehicle, asked);
          }}
        >
          {t('show')}
        </Button>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would draw a frame. */}
        <span className="f-row" role="group" aria-label={t('quick')}>
          {quick.map((which) => (
            <Button key={which} size="small" onClick={() => choose(quickSpan(which, Date.now()))}>
              {t(which)}
            </Button>
          ))}
        </span>
      </Filters>
      <div role="status">{fault === null ? null : <p className="f-none">{t(fault)}</p>}</div>
    </>
  );
}

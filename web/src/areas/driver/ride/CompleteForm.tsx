import { Alert, Button, Input, Modal } from 'antd';
import { useId, useState } from 'react';
import type { Order } from '../../../api/methods';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import type { Way } from '../position/odometer';
import { texts } from '../texts';
import { parseKm, parseTolls, writeKm } from './completion';

/** Asks how far the trip was and for tolls: measured where the phone could, and always the driver's own word. */
export function CompleteForm(props: {
  order: Order;
  way: Way | null;
  close: () => void;
  done: (metres: number, fen: number) => void;
}) {
  const t = useTexts(texts);
  const f = useFormat();
  const id = useId();
  const { order, way, close, done } = props;
  const measured = way !== null && way.metres > 0;
  const [km, setKm] = useState(measured ? writeKm(way.metres) : '');
  const [tolls, setTolls] = useState('');
  const metres = parseKm(km);
  const fen = parseTolls(tolls);
  const quoted = order.quote?.price?.distance_m;
  const end = () => {
    if (metres.ok && fen.ok) done(metres.value, fen.value);
  };
  return (
    <Modal
      open
      title={t('driver_complete')}
      onCancel={close}
      footer={[
        <Button key="close" onClick={close}>
          {t('back')}
        </Button>,
        <Button key="done" type="primary" disabled={!metres.ok || !fen.ok} onClick={end}>
          {t('endTrip')}
        </Button>,
      ]}
    >
      <form
        className="d-form"
        onSubmit={(event) => {
          event.preventDefault();
          end();
        }}
      >
        <label htmlFor={`${id}-km`}>{t('distanceKm')}</label>
        <Input
          id={`${id}-km`}
          size="large"
          inputMode="decimal"
          autoFocus
          suffix="km"
          value={km}
          status={km === '' || metres.ok ? '' : 'error'}
          aria-describedby={`${id}-hint`}
          onChange={(event) => setKm(event.target.value)}
        />
        <p id={`${id}-hint`} className="d-quiet">
          {metres.ok || km === '' ? null : `${t('notKm')} `}
          {measured ? t('measured', { distance: f.distance(way.metres) }) : t('notMeasured')}
          {quoted === undefined ? null : ` ${t('quotedLength', { distance: f.distance(quoted) })}`}
        </p>
        {measured && way.unseenM > 0 ? (
          <Alert type="warning" showIcon title={t('unseen', { distance: f.distance(way.unseenM) })} />
        ) : null}
        <label htmlFor={`${id}-tolls`}>{t('tolls')}</label>
        <Input
          id={`${id}-tolls`}
          size="large"
          inputMode="decimal"
          prefix="¥"
          placeholder="0.00"
          value={tolls}
          status={fen.ok ? '' : 'error'}
          aria-describedby={`${id}-tolls-hint`}
          onChange={(event) => setTolls(event.target.value)}
        />
        <p id={`${id}-tolls-hint`} className="d-quiet">
          {fen.ok ? t('tollsHint') : t('notTolls')}
        </p>
        <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
      </form>
    </Modal>
  );
}

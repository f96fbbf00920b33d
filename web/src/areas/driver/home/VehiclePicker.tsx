import { CarOutlined } from '@ant-design/icons';
import { Select } from 'antd';
import { useDeferredValue, useId, useState } from 'react';
import { explain } from '../../../api/explain';
import { useSession } from '../../../api/hooks';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { texts } from '../texts';
import { vehicleQuery, vehiclesQuery } from './queries';

/** Vehicles that are listed at once: who has more types a part of the plate. */
const listed = 50;

/** Which of the company's vehicles is driven. */
export function VehiclePicker(props: {
  value: string | null;
  disabled: boolean;
  choose: (vehicle: string) => void;
}) {
  const t = useTexts(texts);
  const id = useId();
  const company = String(useSession()?.company ?? 0);
  const [typed, setTyped] = useState('');
  const plate = useDeferredValue(typed.trim());
  const found = useAsk(vehiclesQuery, { company, plate, first: listed }, { keepPrevious: true });
  const chosen = useAsk(vehicleQuery, { id: props.value ?? '' }, { enabled: props.value !== null });
  const one = chosen.data?.vehicle;
  const rows = found.data?.vehicles ?? [];
  const all = one == null || plate !== '' || rows.some((row) => row.id === one.id) ? rows : [one, ...rows];
  return (
    <div className="d-field">
      <label htmlFor={id}>{t('vehicle')}</label>
      <Select
        id={id}
        size="large"
        placeholder={t('chooseVehicle')}
        value={props.value}
        disabled={props.disabled}
        loading={found.isPending}
        showSearch={{ filterOption: false, onSearch: setTyped }}
        notFoundContent={
          found.error !== null
            ? explain(found.error).title
            : found.isPending
              ? t('loadingVehicles')
              : plate === ''
                ? t('noVehicles')
                : t('noSuchVehicle')
        }
        options={all.map((row) => ({
          value: row.id,
          label: [row.plate, row.model, className(t, row.class)].filter(Boolean).join(' · '),
        }))}
        onChange={(value) => {
          setTyped('');
          if (value !== null) props.choose(value);
        }}
      />
    </div>
  );
}

/** The vehicle that is driven. */
export function VehicleLine(props: { vehicle: number }) {
  const t = useTexts(texts);
  const known = useAsk(vehicleQuery, { id: String(props.vehicle) });
  const one = known.data?.vehicle;
  return (
    <p className="d-vehicle">
      <CarOutlined aria-label={t('vehicle')} />
      <strong>{one?.plate ?? props.vehicle}</strong>
      {one == null ? null : (
        <span className="d-quiet">{[one.model, className(t, one.class)].filter(Boolean).join(' · ')}</span>
      )}
    </p>
  );
}

/** The chain's name of a class, in words. */
function className(
  t: (key: 'economy' | 'comfort' | 'premium' | 'van') => string,
  name: string | null,
): string | null {
  switch (name) {
    case 'Economy':
      return t('economy');
    case 'Comfort':
      return t('comfort');
    case 'Premium':
      return t('premium');
    case 'Van':
      return t('van');
    default:
      return name;
  }
}

import { Select } from 'antd';
import { useTexts } from '../../../i18n/useTexts';
import { texts } from '../texts';
import { useRoster } from './useRoster';

/** One of the company's vehicles, by plate or number; `undefined`: all, or none yet. */
export function VehicleChoice(props: {
  value: number | undefined;
  choose: (vehicle: number | undefined) => void;
  /** Whether nothing chosen is an answer. */
  canBeNone?: boolean;
  /** What stands there then. Missing: all vehicles. */
  none?: string;
  width?: number | string;
}) {
  const t = useTexts(texts);
  const { data, isPending } = useRoster();
  const options = [...(data?.values() ?? [])].map(({ id, plate }) => ({
    value: id,
    label: plate === null ? t('vehicleNumber', { id }) : `${plate} · ${id}`,
  }));
  return (
    <Select<number>
      aria-label={t('vehicle')}
      placeholder={props.none ?? (props.canBeNone === true ? t('allVehicles') : t('vehicle'))}
      allowClear={props.canBeNone === true}
      showSearch={{ optionFilterProp: 'label' }}
      loading={isPending}
      style={{ width: props.width ?? 200, maxWidth: '100%' }}
      value={props.value ?? null}
      options={options}
      onChange={(value) => props.choose(value ?? undefined)}
      popupMatchSelectWidth={false}
    />
  );
}

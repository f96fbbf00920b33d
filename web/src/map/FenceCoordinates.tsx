import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Alert, Button, InputNumber } from 'antd';
import { useTexts } from '../i18n/useTexts';
import { Icon } from '../ui/Icon';
import { withoutCorner } from './fences/edit';
import { faultText } from './fences/faultText';
import { type FenceShape, RADIUS_M, shapeFault, WIDTH_M } from './fences/shape';
import type { LngLat } from './geo/place';
import { mapTexts } from './texts';
import './map.css';

export type FenceCoordinatesProps = {
  readonly value: FenceShape;
  readonly onChange: (shape: FenceShape) => void;
};

/** The most corners that are listed: more fields would help nobody. */
const MOST_LISTED = 100;

/** The places of a geofence as numbers: what can be done on the map, by keyboard and to the sixth decimal. */
export function FenceCoordinates({ value, onChange }: FenceCoordinatesProps) {
  const t = useTexts(mapTexts);
  const fault = shapeFault(value);
  if (value.kind === 'other') return <p>{t('otherShape')}</p>;
  return (
    <div className="slk-fence-numbers">
      {value.kind === 'circle' && (
        <>
          <PlaceFields
            label={t('centre')}
            place={value.centre}
            onChange={(centre) => onChange({ ...value, centre })}
          />
          <Metres
            label={t('radius')}
            bounds={RADIUS_M}
            value={value.radiusM}
            onChange={(radiusM) => onChange({ ...value, radiusM })}
          />
        </>
      )}
      {value.kind === 'polygon' && (
        <Corners
          places={value.corners}
          onChange={(corners) => onChange({ ...value, corners })}
          onRemove={(index) => onChange(withoutCorner(value, index))}
          removable={value.corners.length > 3}
        />
      )}
      {value.kind === 'corridor' && (
        <>
          <Metres
            label={t('width')}
            bounds={WIDTH_M}
            value={value.widthM}
            onChange={(widthM) => onChange({ ...value, widthM })}
          />
          <Corners
            places={value.line}
            onChange={(line) => onChange({ ...value, line })}
            onRemove={(index) => onChange(withoutCorner(value, index))}
            removable={value.line.length > 2}
          />
        </>
      )}
      <div role="status">{fault && <Alert type="error" showIcon title={faultText(fault, t)} />}</div>
    </div>
  );
}

type CornersProps = {
  places: readonly LngLat[];
  onChange: (places: readonly LngLat[]) => void;
  onRemove: (index: number) => void;
  removable: boolean;
};

function Corners({ places, onChange, onRemove, removable }: CornersProps) {
  const t = useTexts(mapTexts);
  const listed = places.slice(0, MOST_LISTED);
  const add = () => {
    const [last, first] = [places.at(-1), places[0]];
    if (!last || !first) return;
    // Between the last and the first, where it changes nothing yet; beside a single place it is one of its own.
    onChange([
      ...places,
      [round((last[0] + first[0]) / 2 + 0.0001), round((last[1] + first[1]) / 2 + 0.0001)],
    ]);
  };
  return (
    <>
      <ol className="slk-fence-corners" aria-label={t('corners')}>
        {listed.map((place, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a corner is its place in the list, and nothing else.
          <li key={index}>
            <PlaceFields
              label={t('corner', { number: index + 1 })}
              place={place}
              onChange={(to) => onChange(places.map((before, at) => (at === index ? to : before)))}
            />
            <Button
              type="text"
              icon={<Icon of={DeleteOutlined} />}
              disabled={!removable}
              aria-label={t('removeCorner', { number: index + 1 })}
              title={t('removeCorner', { number: index + 1 })}
              onClick={() => onRemove(index)}
            />
          </li>
        ))}
      </ol>
      {places.length > MOST_LISTED && <p>{t('manyCorners', { most: MOST_LISTED })}</p>}
      <Button type="dashed" block icon={<Icon of={PlusOutlined} />} onClick={add}>
        {t('addCorner')}
      </Button>
    </>
  );
}

function PlaceFields({
  label,
  place,
  onChange,
}: {
  label: string;
  place: LngLat;
  onChange: (place: LngLat) => void;
}) {
  const t = useTexts(mapTexts);
  const field = (axis: 0 | 1) => ({
    value: place[axis],
    step: 0.0001,
    precision: 6,
    controls: false,
    onChange: (value: number | null) => {
      if (value === null || !Number.isFinite(value)) return;
      onChange(axis === 0 ? [round(value), place[1]] : [place[0], round(value)]);
    },
  });
  return (
    <fieldset className="slk-fence-place">
      <legend>{label}</legend>
      <InputNumber
        aria-label={`${label}, ${t('longitude')}`}
        title={t('longitude')}
        min={-180}
        max={180}
        {...field(0)}
      />
      <InputNumber
        aria-label={`${label}, ${t('latitude')}`}
        title={t('latitude')}
        min={-90}
        max={90}
        {...field(1)}
      />
    </fieldset>
  );
}

type MetresProps = {
  label: string;
  bounds: { least: number; most: number };
  value: number;
  onChange: (metres: number) => void;
};

function Metres({ label, bounds, value, onChange }: MetresProps) {
  return (
    <fieldset className="slk-fence-place">
      <legend>{label}</legend>
      <InputNumber
        aria-label={label}
        min={bounds.least}
        max={bounds.most}
        precision={0}
        value={value}
        onChange={(metres) => metres !== null && onChange(metres)}
      />
    </fieldset>
  );
}

function round(degrees: number): number {
  return Math.round(degrees * 1e6) / 1e6;
}

import { Table } from 'antd';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { portal } from '../../../portal';
import { vehiclePath } from '../../../route/paths';
import { PathLink } from '../../../ui/PathLink';
import { Word } from '../parts/words';
import { texts as words } from '../texts';
import type { DrivenBy } from './days';
import { platesQuery } from './queries';
import { texts } from './texts';

/** What each vehicle drove, with the way to it in the explorer. */
export function DrivenTable({ of }: { of: readonly DrivenBy[] }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const f = useFormat();
  const { data } = useAsk(platesQuery, { company: portal().company }, { staleTime: 60_000 });
  const known = new Map((data?.vehicles ?? []).map((one) => [one.vehicle, one]));
  return (
    <Table<DrivenBy>
      size="small"
      aria-label={t('byVehicle')}
      rowKey="vehicle"
      pagination={of.length > 20 ? { pageSize: 20, size: 'small', showSizeChanger: false } : false}
      scroll={{ x: 'max-content' }}
      dataSource={[...of]}
      columns={[
        {
          title: t('vehicle'),
          render: (_, { vehicle }) => (
            <PathLink to={vehiclePath(vehicle)}>
              {known.get(vehicle)?.plate ?? w('vehicleNumber', { id: vehicle })}
            </PathLink>
          ),
        },
        {
          title: t('class'),
          render: (_, { vehicle }) => <Word of="VehicleClass" is={known.get(vehicle)?.class ?? null} />,
        },
        { title: t('daysDriven'), align: 'right', render: (_, { days }) => f.count(days) },
        {
          title: t('trips'),
          align: 'right',
          sorter: (a, b) => a.trips - b.trips,
          render: (_, { trips }) => f.count(trips),
        },
        {
          title: t('distance'),
          align: 'right',
          sorter: (a, b) => a.distanceM - b.distanceM,
          render: (_, { distanceM }) => f.distance(distanceM),
        },
        { title: t('moved'), align: 'right', render: (_, { movingMs }) => f.duration(movingMs) },
        {
          title: t('used'),
          align: 'right',
          render: (_, { energyWh, fuelMl }) =>
            [
              ...(energyWh === undefined ? [] : [f.energy(energyWh)]),
              ...(fuelMl === undefined ? [] : [f.fuel(fuelMl)]),
            ].join(' · '),
        },
      ]}
    />
  );
}

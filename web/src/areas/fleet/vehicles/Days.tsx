import { useCall } from '../../../api/hooks';
import type { DrivingDay } from '../../../api/methods';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Answered, Empty } from '../../../ui/answers';
import { DataTable } from '../list/DataTable';
import { type Days as Count, useSpan } from '../list/span';
import { texts as words } from '../texts';
import { Grade } from './Grade';
import { texts } from './texts';

/** What was driven with the vehicle on each day, and by whom. */
export function Days({ vehicle, days }: { vehicle: number; days: Count }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const f = useFormat();
  const { fromDay, untilDay } = useSpan(days);
  const query = useCall('telemetry_days', {
    from_day: fromDay,
    until_day: untilDay,
    vehicles: [vehicle],
    limit: 500,
  });
  const used = ({ fuel_ml, energy_wh }: DrivingDay['driving']) => {
    if (energy_wh !== undefined) return f.energy(energy_wh);
    return fuel_ml === undefined ? '—' : f.fuel(fuel_ml);
  };
  return (
    <Answered query={query}>
      {(found) => (
        <DataTable<DrivingDay>
          size="small"
          aria-label={t('days')}
          rowKey={(row) => `${row.day} ${row.driver ?? ''}`}
          dataSource={found.days.toReversed()}
          scroll={{ x: 'max-content' }}
          pagination={{ pageSize: 15, hideOnSinglePage: true, showSizeChanger: false }}
          locale={{ emptyText: <Empty text={t('noDays')} /> }}
          columns={[
            { key: 'day', title: t('day'), render: (_, row) => f.day(row.day) },
            {
              key: 'driver',
              title: w('driver'),
              align: 'right',
              render: (_, row) => row.driver ?? <span className="f-quiet">{w('unknown')}</span>,
            },
            { key: 'trips', title: t('tripCount'), align: 'right', dataIndex: 'trips' },
            {
              key: 'distance',
              title: t('distance'),
              align: 'right',
              render: (_, row) => f.distance(row.driving.distance_m),
            },
            { key: 'energy', title: t('energy'), align: 'right', render: (_, row) => used(row.driving) },
            {
              key: 'harsh',
              title: t('harsh'),
              align: 'right',
              render: (_, { driving }) => driving.accelerations + driving.brakings + driving.cornerings,
            },
            {
              key: 'speedings',
              title: t('speedings'),
              align: 'right',
              render: (_, row) => row.driving.speedings,
            },
            {
              key: 'safety',
              title: t('safety'),
              align: 'right',
              render: (_, row) => <Grade of={row.safety} />,
            },
            {
              key: 'economy',
              title: t('economy'),
              align: 'right',
              render: (_, row) => <Grade of={row.economy} />,
            },
          ]}
        />
      )}
    </Answered>
  );
}

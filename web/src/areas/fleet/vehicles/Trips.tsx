import { Link } from '@tanstack/react-router';
import { Table } from 'antd';
import { useCall } from '../../../api/hooks';
import type { Trip } from '../../../api/methods';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Answered, Empty } from '../../../ui/answers';
import { Time } from '../../../ui/Time';
import { type Days, useSpan } from '../list/span';
import { texts as words } from '../texts';
import { Grade } from './Grade';
import { texts } from './texts';

/** The vehicle's trips of the last days, the newest first. */
export function Trips({ vehicle, days }: { vehicle: number; days: Days }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const f = useFormat();
  const { fromMs, untilMs } = useSpan(days);
  const query = useCall('telemetry_trips', {
    from_ms: fromMs,
    until_ms: untilMs,
    vehicles: [vehicle],
    limit: 500,
  });
  return (
    <Answered query={query}>
      {({ trips }) => (
        <Table<Trip>
          size="small"
          aria-label={t('trips')}
          rowKey="id"
          dataSource={[...trips]}
          scroll={{ x: 'max-content' }}
          pagination={{ pageSize: 15, hideOnSinglePage: true, showSizeChanger: false }}
          locale={{ emptyText: <Empty text={t('noTrips')} /> }}
          columns={[
            { key: 'began', title: t('began'), render: (_, row) => <Time at={row.started_ms} /> },
            {
              key: 'duration',
              title: t('duration'),
              align: 'right',
              render: (_, row) =>
                row.end === undefined ? t('running') : f.duration(row.ended_ms - row.started_ms),
            },
            {
              key: 'distance',
              title: t('distance'),
              align: 'right',
              render: (_, row) => f.distance(row.driving.distance_m),
            },
            {
              key: 'fastest',
              title: t('fastest'),
              align: 'right',
              render: (_, row) => f.speed(row.fastest_kmh),
            },
            {
              key: 'driver',
              title: w('driver'),
              align: 'right',
              render: (_, row) => row.driver ?? <span className="f-quiet">{w('unknown')}</span>,
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
            {
              key: 'replay',
              title: w('track'),
              render: (_, row) => (
                <Link
                  to="/fleet/track"
                  search={{ vehicle, from: row.started_ms - 60_000, until: row.ended_ms + 60_000 }}
                >
                  {t('replay')}
                </Link>
              ),
            },
          ]}
        />
      )}
    </Answered>
  );
}

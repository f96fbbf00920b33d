import { useCall } from '../../../api/hooks';
import type { Stop } from '../../../api/methods';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Answered, Empty } from '../../../ui/answers';
import { Time } from '../../../ui/Time';
import { DataTable } from '../list/DataTable';
import { type Days, useSpan } from '../list/span';
import { texts } from './texts';

/** Where the vehicle stood for three minutes and more. */
export function Stops({ vehicle, days }: { vehicle: number; days: Days }) {
  const t = useTexts(texts);
  const f = useFormat();
  const { fromMs, untilMs } = useSpan(days);
  const query = useCall('telemetry_stops', {
    from_ms: fromMs,
    until_ms: untilMs,
    vehicles: [vehicle],
    limit: 500,
  });
  return (
    <Answered query={query}>
      {({ stops }) => (
        <DataTable<Stop>
          size="small"
          aria-label={t('stops')}
          rowKey="from_ms"
          dataSource={stops.toReversed()}
          scroll={{ x: 'max-content' }}
          pagination={{ pageSize: 15, hideOnSinglePage: true, showSizeChanger: false }}
          locale={{ emptyText: <Empty text={t('noStops')} /> }}
          columns={[
            { key: 'began', title: t('began'), render: (_, row) => <Time at={row.from_ms} /> },
            { key: 'ended', title: t('ended'), render: (_, row) => <Time at={row.until_ms} /> },
            {
              key: 'duration',
              title: t('duration'),
              align: 'right',
              render: (_, row) => f.duration(row.until_ms - row.from_ms),
            },
            {
              key: 'kind',
              title: t('stopKind'),
              render: (_, row) =>
                [row.kind === undefined ? null : t(row.kind), row.overnight ? t('overnight') : null]
                  .filter((word) => word !== null)
                  .join(' · '),
            },
          ]}
        />
      )}
    </Answered>
  );
}

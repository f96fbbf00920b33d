import { DownloadOutlined } from '@ant-design/icons';
import { Alert, Button } from 'antd';
import { useCall } from '../../../api/hooks';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Answered, Empty } from '../../../ui/answers';
import { Icon } from '../../../ui/Icon';
import { csvOf, saveText } from '../list/csv';
import { DataTable } from '../list/DataTable';
import { type Days, useSpan } from '../list/span';
import { texts as words } from '../texts';
import { Grade } from '../vehicles/Grade';
import { type DriverSum, harshIn100Km, sumsByDriver } from './sums';
import { texts } from './texts';

/** How drivers drove in the last days. */
export function Reports({ days }: { days: Days }) {
  const t = useTexts(texts);
  const { fromDay, untilDay } = useSpan(days);
  const query = useCall('telemetry_days', { from_day: fromDay, until_day: untilDay, limit: 500 });
  return (
    <Answered query={query} rows={8}>
      {(found) => (
        <div className="f-stack">
          {found.next === undefined ? null : <Alert type="info" showIcon title={t('more')} />}
          <SumTable sums={sumsByDriver(found.days)} name={`drivers-${fromDay}.csv`} />
        </div>
      )}
    </Answered>
  );
}

function SumTable({ sums, name }: { sums: readonly DriverSum[]; name: string }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const f = useFormat();
  const download = () =>
    saveText(
      name,
      csvOf(
        ['driver', 'days', 'trips', 'distance_m', 'moving_ms', 'night_ms', 'speeding_ms', 'harsh', 'safety'],
        sums.map((sum) => [
          sum.driver,
          sum.days,
          sum.trips,
          sum.distanceM,
          sum.movingMs,
          sum.nightMs,
          sum.speedingMs,
          sum.harsh,
          sum.safety,
        ]),
      ),
    );
  return (
    <>
      <div className="f-pager">
        <Button
          size="small"
          icon={<Icon of={DownloadOutlined} />}
          disabled={sums.length === 0}
          onClick={download}
        >
          {t('csv')}
        </Button>
      </div>
      <DataTable<DriverSum>
        size="small"
        aria-label={t('reports')}
        rowKey={(row) => row.driver ?? 0}
        dataSource={[...sums]}
        pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
        scroll={{ x: 'max-content' }}
        locale={{ emptyText: <Empty text={t('noDays')} /> }}
        columns={[
          {
            key: 'driver',
            title: w('driver'),
            render: (_, { driver }) =>
              driver === null ? t('unknownDriver') : w('driverNumber', { id: driver }),
          },
          { key: 'days', title: t('days'), align: 'right', dataIndex: 'days' },
          { key: 'trips', title: t('trips'), align: 'right', dataIndex: 'trips' },
          {
            key: 'distance',
            title: t('distance'),
            align: 'right',
            render: (_, row) => f.distance(row.distanceM),
          },
          { key: 'moving', title: t('moving'), align: 'right', render: (_, row) => f.duration(row.movingMs) },
          { key: 'night', title: t('night'), align: 'right', render: (_, row) => f.duration(row.nightMs) },
          {
            key: 'harsh',
            title: t('harsh'),
            align: 'right',
            render: (_, row) => f.decimal(harshIn100Km(row), 1),
          },
          {
            key: 'speeding',
            title: t('speeding'),
            align: 'right',
            render: (_, row) => f.duration(row.speedingMs),
          },
          {
            key: 'safety',
            title: t('safety'),
            align: 'right',
            render: (_, row) => <Grade of={row.safety} />,
          },
        ]}
      />
    </>
  );
}

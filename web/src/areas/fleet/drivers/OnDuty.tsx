import { getRouteApi } from '@tanstack/react-router';
import { Table } from 'antd';
import { useCall } from '../../../api/hooks';
import type { Driver } from '../../../api/methods';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Answered, Empty } from '../../../ui/answers';
import { Ago } from '../../../ui/Time';
import { CursorPager, ListEnd } from '../list/CursorPager';
import { VehicleName } from '../roster/VehicleName';
import { texts as words } from '../texts';
import { texts } from './texts';

const route = getRouteApi('/fleet/drivers');

/** Who takes orders now. */
export function OnDuty() {
  const t = useTexts(texts);
  const w = useTexts(words);
  const f = useFormat();
  const { cursor } = route.useSearch();
  const query = useCall(
    'fleet_drivers',
    { limit: 50, ...(cursor === undefined ? {} : { after: cursor }) },
    { refetchInterval: 5_000 },
  );
  return (
    <Answered
      query={query}
      rows={8}
      isEmpty={({ drivers }) => drivers.length === 0 && cursor !== undefined}
      empty={<ListEnd />}
    >
      {({ drivers, next }) => (
        <>
          <Table<Driver>
            size="small"
            aria-label={t('duty')}
            rowKey="id"
            dataSource={[...drivers]}
            pagination={false}
            scroll={{ x: 'max-content' }}
            locale={{ emptyText: <Empty text={t('nobody')} /> }}
            columns={[
              { key: 'driver', title: w('driver'), render: (_, row) => w('driverNumber', { id: row.id }) },
              {
                key: 'vehicle',
                title: w('vehicle'),
                render: (_, row) => (row.vehicle === undefined ? '—' : <VehicleName id={row.vehicle} />),
              },
              { key: 'doing', title: t('doing'), render: (_, row) => <Doing driver={row} /> },
              {
                key: 'rating',
                title: t('rating'),
                align: 'right',
                render: (_, { rating_permille: rating }) =>
                  rating === undefined ? t('unrated') : f.decimal(rating / 1000, 2),
              },
              { key: 'trips', title: t('trips'), align: 'right', dataIndex: 'trips' },
              { key: 'offers', title: t('offers'), align: 'right', dataIndex: 'offers' },
              { key: 'accepted', title: t('accepted'), align: 'right', dataIndex: 'accepted' },
              { key: 'abandoned', title: t('abandoned'), align: 'right', dataIndex: 'abandoned' },
            ]}
          />
          <CursorPager cursor={cursor} next={next} />
        </>
      )}
    </Answered>
  );
}

function Doing({ driver }: { driver: Driver }) {
  const t = useTexts(texts);
  if (driver.order !== undefined) return <>{t('onOrder', { order: driver.order })}</>;
  if (driver.offered !== undefined) return <>{t('asked', { order: driver.offered })}</>;
  return (
    <span className="f-quiet">
      {t('idleSince')} <Ago at={driver.idle_since_ms} />
    </span>
  );
}

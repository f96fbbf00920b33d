import { getRouteApi } from '@tanstack/react-router';
import { Table } from 'antd';
import { useSession } from '../../../api/hooks';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { Amount } from '../../../ui/Amount';
import { Answered, Empty } from '../../../ui/answers';
import { AccountName } from '../../../ui/links';
import { StateTag, type Tone } from '../../../ui/StateTag';
import type { FleetSeatsQuery } from '../graphql/graphql';
import { CursorPager } from '../list/CursorPager';
import { useWord } from '../roster/stateWords';
import { texts as words } from '../texts';
import { seatsQuery } from './queries';
import { texts } from './texts';

type Row = FleetSeatsQuery['seats'][number];

const route = getRouteApi('/fleet/drivers');
const pageOf = 50;
const tones: Readonly<Record<string, Tone>> = { Active: 'good', Suspended: 'warn' };

/** Who drives for the company by the chain. */
export function Enrolled() {
  const t = useTexts(texts);
  const w = useTexts(words);
  const word = useWord();
  const company = useSession()?.company ?? 0;
  const { cursor } = route.useSearch();
  const query = useAsk(
    seatsQuery,
    { company, from: cursor === undefined ? 0 : cursor + 1 },
    { keepPrevious: true },
  );
  return (
    <Answered query={query} rows={8}>
      {({ seats }) => (
        <>
          <Table<Row>
            size="small"
            aria-label={t('enrolled')}
            rowKey="id"
            dataSource={seats.slice(0, pageOf)}
            pagination={false}
            scroll={{ x: 'max-content' }}
            locale={{ emptyText: <Empty text={t('noneEnrolled')} /> }}
            columns={[
              {
                key: 'driver',
                title: w('driver'),
                render: (_, row) => w('driverNumber', { id: row.driverId ?? 0 }),
              },
              {
                key: 'status',
                title: w('state'),
                render: (_, { status }) =>
                  status === null ? null : (
                    <StateTag tone={tones[status] ?? 'plain'} text={word('DriverStatus', status)} />
                  ),
              },
              { key: 'seat', title: t('seat'), align: 'right', dataIndex: 'seat' },
              {
                key: 'account',
                title: t('account'),
                render: (_, { account }) => (account === null ? '—' : <AccountName account={account} copy />),
              },
              {
                key: 'withdrawn',
                title: t('withdrawn'),
                align: 'right',
                render: (_, row) => <Amount value={row.withdrawn ?? '0'} fen />,
              },
            ]}
          />
          <CursorPager
            cursor={cursor}
            next={seats.length > pageOf ? (seats[pageOf - 1]?.seat ?? undefined) : undefined}
          />
        </>
      )}
    </Answered>
  );
}

import { getRouteApi } from '@tanstack/react-router';
import { Table } from 'antd';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { batchPath } from '../../../route/paths';
import { Amount } from '../../../ui/Amount';
import { Answered, Empty } from '../../../ui/answers';
import { BlockLink, PathLink } from '../../../ui/links';
import { Time } from '../../../ui/Time';
import type { FleetBatchesQuery } from '../graphql/graphql';
import { CursorPager } from '../list/CursorPager';
import { Section } from '../list/Section';
import { batchesQuery } from './queries';
import { texts } from './texts';

type Row = FleetBatchesQuery['batches'][number];

const route = getRouteApi('/fleet/bills');
const pageOf = 20;
/** Beyond every number that the chain gives. */
const highest = '9223372036854775807';

/** The company's batches, the newest first. */
export function Batches({ company }: { company: number }) {
  const t = useTexts(texts);
  const f = useFormat();
  const { cursor } = route.useSearch();
  const query = useAsk(
    batchesQuery,
    { company, before: cursor ?? highest },
    { refetchInterval: 15_000, keepPrevious: true },
  );
  const money = (key: 'gross' | 'drivers' | 'platform' | 'thirdParties') => ({
    key,
    title: t(key),
    align: 'right' as const,
    render: (_: unknown, row: Row) => <Amount value={row[key] ?? '0'} fen />,
  });
  return (
    <Section title={t('newestBatches')}>
      <p className="f-none">{t('proofNote')}</p>
      <Answered query={query}>
        {({ batches }) => (
          <>
            <Table<Row>
              size="small"
              aria-label={t('newestBatches')}
              rowKey="id"
              dataSource={batches.slice(0, pageOf)}
              pagination={false}
              scroll={{ x: 'max-content' }}
              locale={{ emptyText: <Empty text={t('noBatches')} /> }}
              columns={[
                {
                  key: 'number',
                  title: t('number'),
                  render: (_, row) => (
                    <PathLink to={batchPath(row.id)} className="numbers">
                      {f.count(row.number ?? '0')}
                    </PathLink>
                  ),
                },
                { key: 'settled', title: t('settled'), render: (_, row) => <Time at={row.time} /> },
                {
                  key: 'block',
                  title: t('block'),
                  render: (_, row) => <BlockLink number={row.blockNumber} />,
                },
                {
                  key: 'rides',
                  title: t('rides'),
                  align: 'right',
                  render: (_, row) => f.count(row.rideCount ?? 0),
                },
                money('gross'),
                money('drivers'),
                money('platform'),
                money('thirdParties'),
              ]}
            />
            <CursorPager
              cursor={cursor}
              next={batches.length > pageOf ? (batches[pageOf - 1]?.number ?? undefined) : undefined}
              byTime
            />
          </>
        )}
      </Answered>
    </Section>
  );
}

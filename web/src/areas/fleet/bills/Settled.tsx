import { DownloadOutlined } from '@ant-design/icons';
import { Button, Table } from 'antd';
import { lazy, Suspense, useMemo } from 'react';
import { plottedYuan } from '../../../format/money';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { Amount } from '../../../ui/Amount';
import { Answered, Empty, Loading } from '../../../ui/answers';
import { Icon } from '../../../ui/Icon';
import type { FleetSettledQuery } from '../graphql/graphql';
import { csvOf, saveText } from '../list/csv';
import { DataTable } from '../list/DataTable';
import { Section } from '../list/Section';
import { useCompanies } from '../roster/useCompanies';
import { settledQuery } from './queries';
import { added, type SettledDay, settledDays } from './settled';
import { texts } from './texts';

const Chart = lazy(async () => ({ default: (await import('../../../ui/Chart')).Chart }));

/** Who shares what riders paid. */
const parts = ['drivers', 'platform', 'thirdParties'] as const;

/** What was settled in the last days: by day, by kind, by counterparty. */
export function Settled({ company, since }: { company: number; since: string }) {
  const t = useTexts(texts);
  const query = useAsk(settledQuery, { company, since }, { refetchInterval: 30_000, keepPrevious: true });
  return (
    <Answered query={query} rows={6}>
      {(found) => {
        const days = settledDays(found.days);
        if (days.length === 0)
          return (
            <Section title={t('days')}>
              <Empty text={t('none')} />
            </Section>
          );
        return (
          <>
            <DaysSection days={days} since={since} />
            <div className="f-columns">
              <Kinds of={found.kinds} />
              <Counterparties of={found} days={days} />
            </div>
          </>
        );
      }}
    </Answered>
  );
}

function DaysSection({ days, since }: { days: readonly SettledDay[]; since: string }) {
  const t = useTexts(texts);
  const f = useFormat();
  const option = useMemo(() => {
    const inOrder = days.toReversed();
    return {
      grid: { left: 8, right: 8, top: 40, bottom: 4, containLabel: true },
      legend: { type: 'scroll', top: 0, left: 0, right: 0, itemWidth: 12, itemHeight: 12 },
      tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' } },
      xAxis: { type: 'category', data: inOrder.map(({ day }) => day.slice(5)) },
      yAxis: { type: 'value' },
      series: parts.map((part) => ({
        name: t(part),
        type: 'bar',
        stack: 'money',
        barMaxWidth: 32,
        data: inOrder.map((day) => plottedYuan(day[part])),
      })),
    };
  }, [days, t]);
  const whole = added(days);
  const download = () =>
    saveText(
      `bills-${since.slice(0, 10)}.csv`,
      csvOf(
        ['day', 'batches', 'rides', 'gross', 'drivers', 'platform', 'third_parties'],
        days.map((day) => [
          day.day,
          day.batches,
          day.rides,
          ...[day.gross, day.drivers, day.platform, day.thirdParties].map((money) =>
            f.money(money, { bare: true }).replaceAll(',', ''),
          ),
        ]),
      ),
    );
  const money = (key: 'gross' | 'drivers' | 'platform' | 'thirdParties') => ({
    key,
    title: t(key),
    align: 'right' as const,
    render: (_: unknown, row: SettledDay) => <Amount value={row[key]} fen />,
  });
  return (
    <Section
      title={t('days')}
      extra={
        <Button size="small" icon={<Icon of={DownloadOutlined} />} onClick={download}>
          {t('csv')}
        </Button>
      }
    >
      <p className="f-none">{t('daysNote')}</p>
      <Suspense fallback={<Loading rows={4} />}>
        <Chart option={option} label={t('chart')} height={240} />
      </Suspense>
      <DataTable<SettledDay>
        size="small"
        aria-label={t('days')}
        rowKey="day"
        dataSource={[...days]}
        pagination={{ pageSize: 10, hideOnSinglePage: true, showSizeChanger: false }}
        scroll={{ x: 'max-content' }}
        columns={[
          { key: 'day', title: t('day'), render: (_, row) => f.day(row.day) },
          { key: 'batches', title: t('batches'), align: 'right', render: (_, row) => f.count(row.batches) },
          { key: 'rides', title: t('rides'), align: 'right', render: (_, row) => f.count(row.rides) },
          money('gross'),
          money('drivers'),
          money('platform'),
          money('thirdParties'),
        ]}
        summary={() => (
          <Table.Summary.Row className="f-total">
            <Table.Summary.Cell index={0}>{t('sum')}</Table.Summary.Cell>
            <Table.Summary.Cell index={1} align="right">
              {f.count(whole.batches)}
            </Table.Summary.Cell>
            <Table.Summary.Cell index={2} align="right">
              {f.count(whole.rides)}
            </Table.Summary.Cell>
            {[whole.gross, whole.drivers, whole.platform, whole.thirdParties].map((value, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a cell of the sum is its column.
              <Table.Summary.Cell key={at} index={3 + at} align="right">
                <Amount value={value} fen />
              </Table.Summary.Cell>
            ))}
          </Table.Summary.Row>
        )}
      />
    </Section>
  );
}

function Kinds({ of }: { of: FleetSettledQuery['kinds'] }) {
  const t = useTexts(texts);
  const f = useFormat();
  return (
    <Section title={t('kinds')}>
      <DataTable
        size="small"
        aria-label={t('kinds')}
        rowKey={(row) => row.kind ?? ''}
        dataSource={[...of]}
        pagination={false}
        scroll={{ x: 'max-content' }}
        columns={[
          {
            key: 'kind',
            title: t('kind'),
            render: (_, { kind }) => (kind === 'Trip' || kind === 'Cancelled' ? t(kind) : kind),
          },
          { key: 'rides', title: t('rides'), align: 'right', render: (_, row) => f.count(row.count) },
          {
            key: 'gross',
            title: t('gross'),
            align: 'right',
            render: (_, { sum }) => <Amount value={BigInt(sum.fare ?? '0') + BigInt(sum.tolls ?? '0')} fen />,
          },
        ]}
      />
    </Section>
  );
}

function Counterparties({ of, days }: { of: FleetSettledQuery; days: readonly SettledDay[] }) {
  const t = useTexts(texts);
  const f = useFormat();
  const companies = useCompanies();
  const whole = added(days);
  const rows = [
    { key: 'drivers', name: t('driversAll'), amount: whole.drivers },
    { key: 'platform', name: t('self'), amount: whole.platform },
    ...of.shares.flatMap(({ toId, sum }) =>
      toId === null
        ? []
        : [{ key: String(toId), name: companies.name(toId), amount: BigInt(sum.amount ?? '0') }],
    ),
  ];
  const share = (amount: bigint) =>
    whole.gross === 0n ? 0 : Number((amount * 10_000n) / whole.gross) / 10_000;
  return (
    <Section title={t('counterparties')}>
      <DataTable
        size="small"
        aria-label={t('counterparties')}
        rowKey="key"
        dataSource={rows}
        pagination={false}
        scroll={{ x: 'max-content' }}
        columns={[
          { key: 'party', title: t('party'), dataIndex: 'name' },
          {
            key: 'amount',
            title: t('amount'),
            align: 'right',
            render: (_, row) => <Amount value={row.amount} fen />,
          },
          {
            key: 'share',
            title: t('share'),
            align: 'right',
            render: (_, row) => <span className="numbers">{f.share(share(row.amount))}</span>,
          },
        ]}
      />
    </Section>
  );
}

import { Table } from 'antd';
import { lazy, Suspense, useMemo } from 'react';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { portal } from '../../../portal';
import { Answered, Empty, Loading } from '../../../ui/answers';
import { Figure, Figures } from '../../../ui/Figure';
import { PathLink } from '../../../ui/PathLink';
import { companyOfOperations } from '../parts/names';
import { Section } from '../parts/Section';
import { useWord } from '../parts/words';
import { useCompanies } from '../tariffs/useCompanies';
import { byCompany, type CountRow, counted, type OfCompany, total } from './counts';
import { countsQuery } from './queries';
import { texts } from './texts';

const Chart = lazy(async () => ({ default: (await import('../../../ui/Chart')).Chart }));

const statuses = ['InService', 'OutOfService', 'Scrapped'] as const;

/** Vehicles of all companies, as the chain has them. */
export function OnChain() {
  const t = useTexts(texts);
  const query = useAsk(countsQuery, {}, { refetchInterval: 30_000 });
  return (
    <Answered query={query} rows={8}>
      {({ vehiclesAggregate: rows }) => (
        <>
          <Totals rows={rows} />
          <Section title={t('onChain')}>
            {rows.length === 0 ? <Empty text={t('noneOnChain')} /> : <ByCompany rows={rows} />}
          </Section>
        </>
      )}
    </Answered>
  );
}

function Totals({ rows }: { rows: readonly CountRow[] }) {
  const t = useTexts(texts);
  const f = useFormat();
  const { company } = portal();
  const status = counted(rows, (row) => row.status);
  const own = rows.filter(({ ownerId }) => ownerId === company);
  return (
    <Figures>
      <Figure name={t('allOnChain')} value={f.count(total(rows))} to="/explorer/vehicles" />
      <Figure name={t('inService')} value={f.count(status.get('InService') ?? 0)} />
      <Figure name={t('ours')} value={f.count(total(own))} to={`/explorer/vehicles?company=${company}`} />
      <Figure name={t('companies')} value={f.count(byCompany(rows).length)} to="/operations/companies" />
    </Figures>
  );
}

function ByCompany({ rows }: { rows: readonly CountRow[] }) {
  const t = useTexts(texts);
  const f = useFormat();
  const word = useWord();
  const { name } = useCompanies();
  const companies = useMemo(() => byCompany(rows), [rows]);
  return (
    <div className="o-columns">
      <Table<OfCompany>
        size="small"
        aria-label={t('onChain')}
        rowKey="company"
        pagination={companies.length > 10 ? { pageSize: 10, size: 'small', showSizeChanger: false } : false}
        scroll={{ x: 'max-content' }}
        dataSource={[...companies]}
        columns={[
          {
            title: t('company'),
            render: (_, { company }) => (
              <PathLink to={companyOfOperations(company)}>{name(company)}</PathLink>
            ),
          },
          ...statuses.map((status) => ({
            key: status,
            title: word('VehicleStatus', status),
            align: 'right' as const,
            render: (_: unknown, { company, byStatus }: OfCompany) => (
              <PathLink to={`/explorer/vehicles?company=${company}&status=${status}`} className="numbers">
                {f.count(byStatus.get(status) ?? 0)}
              </PathLink>
            ),
          })),
          {
            title: t('total'),
            align: 'right',
            render: (_, { company, total: all }) => (
              <PathLink to={`/explorer/vehicles?company=${company}`} className="numbers">
                {f.count(all)}
              </PathLink>
            ),
          },
        ]}
      />
      <ClassChart companies={companies.slice(0, mostCompanies)} name={name} />
    </div>
  );
}

/** Companies that a chart has room for. */
const mostCompanies = 12;

function ClassChart(props: { companies: readonly OfCompany[]; name: (id: number) => string }) {
  const t = useTexts(texts);
  const word = useWord();
  const { companies, name } = props;
  const classes = [...new Set(companies.flatMap(({ byClass }) => [...byClass.keys()]))];
  const option = {
    grid: { left: 8, right: 16, top: 40, bottom: 4, containLabel: true },
    legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 12 },
    tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' } },
    xAxis: { type: 'value', minInterval: 1 },
    yAxis: {
      type: 'category',
      inverse: true,
      data: companies.map(({ company }) => name(company)),
      axisLabel: { width: 130, overflow: 'truncate' },
    },
    series: classes.map((of) => ({
      name: word('VehicleClass', of),
      type: 'bar',
      stack: 'class',
      barMaxWidth: 24,
      data: companies.map(({ byClass }) => byClass.get(of) ?? 0),
    })),
  };
  return (
    <div>
      <p className="o-note">{t('byClassAndCompany')}</p>
      <Suspense fallback={<Loading rows={6} />}>
        <Chart
          option={option}
          label={t('byClassAndCompany')}
          height={Math.max(180, 60 + companies.length * 44)}
        />
      </Suspense>
      <p className="o-none">
        {classes
          .map(
            (of) =>
              `${word('VehicleClass', of)} ${companies.reduce((sum, { byClass }) => sum + (byClass.get(of) ?? 0), 0)}`,
          )
          .join(' · ')}
      </p>
    </div>
  );
}

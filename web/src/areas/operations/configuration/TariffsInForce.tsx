import { Table } from 'antd';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { portal } from '../../../portal';
import { Answered, Empty } from '../../../ui/answers';
import { AccountName } from '../../../ui/links';
import { PathLink } from '../../../ui/PathLink';
import { Time } from '../../../ui/Time';
import { useNow } from '../../../ui/useNow';
import type { ApprovedTariffsQuery } from '../graphql/graphql';
import { tariffPath } from '../parts/names';
import { Section } from '../parts/Section';
import { useCompanies } from '../tariffs/useCompanies';
import { inForce } from '../tariffs/versions';
import { approvedTariffsQuery } from './queries';
import { texts } from './texts';

type Row = ApprovedTariffsQuery['tariffs'][number];

/** The tariff of each company in each city. */
export function TariffsInForce() {
  const t = useTexts(texts);
  const now = useNow(60_000);
  const { name } = useCompanies();
  const query = useAsk(approvedTariffsQuery, {}, { refetchInterval: 30_000 });
  return (
    <Section title={t('tariffs')}>
      <p className="o-none">{t('tariffsLead')}</p>
      <Answered
        query={query}
        isEmpty={({ tariffs }) => allInForce(tariffs, now).length === 0}
        empty={<Empty text={t('noTariffs')} />}
      >
        {({ tariffs }) => (
          <Table<Row>
            size="small"
            aria-label={t('tariffs')}
            rowKey="id"
            pagination={tariffs.length > 20 ? { pageSize: 20, size: 'small', showSizeChanger: false } : false}
            scroll={{ x: 'max-content' }}
            dataSource={[...allInForce(tariffs, now)]}
            columns={[
              {
                title: t('company'),
                render: (_, { companyId }) => (companyId === null ? '' : name(companyId)),
              },
              { title: t('city'), render: (_, { city }) => String(city ?? '').padStart(6, '0') },
              {
                title: t('version'),
                render: (_, row) => (
                  <PathLink
                    to={
                      row.companyId === portal().company ? tariffPath(row.id) : `/explorer/tariffs/${row.id}`
                    }
                  >
                    {row.number}
                  </PathLink>
                ),
              },
              { title: t('from'), render: (_, { from }) => (from === null ? '' : <Time at={from} />) },
              {
                title: t('proposedBy'),
                render: (_, { proposedBy }) =>
                  proposedBy === null ? '' : <AccountName account={proposedBy} />,
                responsive: ['md'],
              },
              {
                title: t('approvedBy'),
                render: (_, { approvedBy }) =>
                  approvedBy === null ? '' : <AccountName account={approvedBy} />,
                responsive: ['md'],
              },
            ]}
          />
        )}
      </Answered>
    </Section>
  );
}

/** Of each company and city the version that holds. */
function allInForce(rows: readonly Row[], nowMs: number): readonly Row[] {
  const companies = [...new Set(rows.map(({ companyId }) => companyId))];
  return companies.flatMap((company) => {
    const own = rows.filter(({ companyId }) => companyId === company);
    const cities = [...new Set(own.map(({ city }) => city))];
    return cities.flatMap((city) => (city === null ? [] : (inForce(own, city, nowMs) ?? [])));
  });
}

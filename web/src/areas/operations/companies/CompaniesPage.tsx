import { Button, Card, Table } from 'antd';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { portal } from '../../../portal';
import { Amount } from '../../../ui/Amount';
import { Answered, Empty } from '../../../ui/answers';
import { Page } from '../../../ui/Page';
import { PathLink } from '../../../ui/PathLink';
import { MemberUntil, StandingTag } from '../../../ui/Standing';
import type { CompanyListQuery } from '../graphql/graphql';
import '../operations.css';
import { applicationsPath, companyOfOperations } from '../parts/names';
import { Word } from '../parts/words';
import { texts as words } from '../texts';
import { companyListQuery } from './queries';
import { texts } from './texts';
import { useMoney } from './useMoney';

/** The members of the consortium. */
export function CompaniesPage() {
  const t = useTexts(texts);
  const query = useAsk(companyListQuery, {}, { refetchInterval: 15_000 });
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      extra={
        <>
          <PathLink to={applicationsPath}>
            <Button tabIndex={-1}>{t('applications')}</Button>
          </PathLink>
          <PathLink to="/operations/council/propose?what=admit">
            <Button tabIndex={-1}>{t('admit')}</Button>
          </PathLink>
        </>
      }
    >
      <Card size="small">
        <Answered
          query={query}
          isEmpty={({ companies }) => companies.length === 0}
          empty={<Empty text={t('none')} />}
          rows={6}
        >
          {(answer) => <Companies of={answer} />}
        </Answered>
      </Card>
    </Page>
  );
}

type Counts = ReadonlyArray<{ readonly count: string; readonly companyId: number | null }>;

function Companies({ of }: { of: CompanyListQuery }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const f = useFormat();
  const money = useMoney(of.companies.map(({ treasury }) => treasury));
  const owned = of.vehicles.map(({ ownerId, count }) => ({ companyId: ownerId, count }));
  const column = (title: string, counts: Counts) => {
    const known = new Map(counts.map(({ companyId, count }) => [companyId, count]));
    return {
      title,
      align: 'right' as const,
      render: (_: unknown, { company }: CompanyListQuery['companies'][number]) => (
        <span className="numbers">{f.count(known.get(company) ?? '0')}</span>
      ),
    };
  };
  return (
    <Table
      size="small"
      aria-label={t('title')}
      rowKey="id"
      pagination={of.companies.length > 20 ? { pageSize: 20, size: 'small', showSizeChanger: false } : false}
      scroll={{ x: 'max-content' }}
      dataSource={of.companies}
      columns={[
        {
          title: t('name'),
          render: (_, { company, name }) =>
            company === null ? null : (
              <span className="o-row">
                <PathLink to={companyOfOperations(company)}>
                  {name ?? w('companyNumber', { id: company })}
                </PathLink>
                {company === portal().company ? <span className="o-note">{t('ours')}</span> : null}
              </span>
            ),
        },
        { title: t('kind'), render: (_, { kind }) => <Word of="CompanyKind" is={kind} /> },
        { title: w('state'), render: (_, row) => <StandingTag of={row} /> },
        { title: t('until'), render: (_, { until }) => <MemberUntil until={until} /> },
        column(t('people'), of.people),
        column(t('drivers'), of.drivers),
        column(t('vehicles'), owned),
        column(t('validators'), of.validators),
        {
          title: t('money'),
          align: 'right',
          render: (_, { treasury }) => {
            const has = money(treasury);
            return has === undefined ? <span className="o-quiet">—</span> : <Amount value={has.free} fen />;
          },
        },
      ]}
    />
  );
}

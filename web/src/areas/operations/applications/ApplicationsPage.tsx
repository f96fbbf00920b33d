import { Button, Card, Table } from 'antd';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { applyPath, attestPath } from '../../../route/paths';
import { Answered, Empty } from '../../../ui/answers';
import { AccountName } from '../../../ui/links';
import { Page } from '../../../ui/Page';
import { PathLink } from '../../../ui/PathLink';
import { StateTag } from '../../../ui/StateTag';
import { Time } from '../../../ui/Time';
import type { OpenApplicationsQuery } from '../graphql/graphql';
import '../operations.css';
import { Word } from '../parts/words';
import { texts as words } from '../texts';
import { missingOf } from './admission';
import { openApplicationsQuery } from './queries';
import { TreasuryTag } from './TreasuryTag';
import { texts } from './texts';

type Row = OpenApplicationsQuery['applications'][number];

/** Who wants to join, and what is missing for the council to decide. */
export function ApplicationsPage() {
  const t = useTexts(texts);
  const query = useAsk(openApplicationsQuery, {}, { refetchInterval: 15_000 });
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      extra={
        <>
          <PathLink to="/explorer/applications">
            <Button tabIndex={-1}>{t('all')}</Button>
          </PathLink>
          <PathLink to={applyPath}>
            <Button tabIndex={-1}>{t('apply')}</Button>
          </PathLink>
        </>
      }
    >
      <Card size="small">
        <Answered
          query={query}
          isEmpty={({ applications }) => applications.length === 0}
          empty={<Empty text={t('none')} />}
          rows={4}
        >
          {({ applications }) => <Applications of={applications} />}
        </Answered>
      </Card>
    </Page>
  );
}

function Applications({ of }: { of: readonly Row[] }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const f = useFormat();
  return (
    <Table<Row>
      size="small"
      aria-label={t('title')}
      rowKey="id"
      pagination={of.length > 20 ? { pageSize: 20, size: 'small', showSizeChanger: false } : false}
      scroll={{ x: 'max-content' }}
      dataSource={[...of]}
      columns={[
        {
          title: t('name'),
          render: (_, { id, name }) => <PathLink to={attestPath(id)}>{name ?? t('one', { id })}</PathLink>,
        },
        { title: t('kind'), render: (_, { kind }) => <Word of="CompanyKind" is={kind} /> },
        {
          title: t('papers'),
          align: 'right',
          render: (_, { papers }) => (
            <span className="numbers">
              {f.count(papers.filter(({ companyId }) => companyId !== null).length)} /{' '}
              {f.count(papers.length)}
            </span>
          ),
        },
        {
          title: t('treasury'),
          render: (_, { treasuryAccepted }) => <TreasuryTag accepted={treasuryAccepted} />,
        },
        {
          title: w('state'),
          render: (_, application) => {
            const missing = missingOf(application);
            return missing === null ? (
              <StateTag tone="good" text={t('ready')} />
            ) : (
              <StateTag tone="busy" text={t(`waits_${missing}`)} />
            );
          },
        },
        {
          title: t('applicant'),
          render: (_, { applicant }) => (applicant === null ? '' : <AccountName account={applicant} />),
        },
        {
          title: t('applied'),
          render: (_, { applied }) => (applied === null ? '' : <Time at={applied} />),
        },
      ]}
    />
  );
}

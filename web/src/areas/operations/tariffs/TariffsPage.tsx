import { Button, Card, Table } from 'antd';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { portal } from '../../../portal';
import { Answered, Empty } from '../../../ui/answers';
import { AccountName } from '../../../ui/links';
import { Page } from '../../../ui/Page';
import { PathLink } from '../../../ui/PathLink';
import { Time } from '../../../ui/Time';
import { useNow } from '../../../ui/useNow';
import type { OperationsTariffsQuery } from '../graphql/graphql';
import '../operations.css';
import { tariffPath } from '../parts/names';
import { texts as words } from '../texts';
import { People } from './People';
import { tariffsQuery } from './queries';
import { texts } from './texts';
import { VersionTag } from './VersionTag';
import { stateOf } from './versions';

type Row = OperationsTariffsQuery['tariffs'][number];

/** All versions of the company's tariffs. */
export function TariffsPage() {
  const t = useTexts(texts);
  const query = useAsk(tariffsQuery, { company: portal().company }, { refetchInterval: 10_000 });
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      extra={
        <PathLink to="/operations/tariffs/new">
          <Button type="primary" tabIndex={-1}>
            {t('new')}
          </Button>
        </PathLink>
      }
    >
      <Card size="small">
        <Answered
          query={query}
          isEmpty={({ tariffs }) => tariffs.length === 0}
          empty={<Empty text={t('none')} />}
        >
          {({ tariffs }) => <Versions rows={tariffs} />}
        </Answered>
      </Card>
      <People />
    </Page>
  );
}

function Versions({ rows }: { rows: readonly Row[] }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const now = useNow(60_000);
  return (
    <Table<Row>
      size="small"
      aria-label={t('title')}
      rowKey="id"
      pagination={rows.length > 20 ? { pageSize: 20, size: 'small' } : false}
      scroll={{ x: 'max-content' }}
      dataSource={[...rows]}
      columns={[
        { title: w('city'), render: (_, { city }) => String(city ?? '') },
        {
          title: t('version'),
          render: (_, { id, number }) => <PathLink to={tariffPath(id)}>{number}</PathLink>,
        },
        { title: w('state'), render: (_, row) => <VersionTag state={stateOf(row, rows, now)} /> },
        { title: t('from'), render: (_, { from }) => (from === null ? '' : <Time at={from} />) },
        {
          title: t('proposedBy'),
          render: (_, row) => (row.proposedBy === null ? '' : <AccountName account={row.proposedBy} />),
          responsive: ['md'],
        },
        {
          title: t('approvedBy'),
          render: (_, row) => (row.approvedBy === null ? '' : <AccountName account={row.approvedBy} />),
          responsive: ['md'],
        },
      ]}
    />
  );
}

import { Table } from 'antd';
import { useTexts } from '../../../i18n/useTexts';
import { Word } from '../detail/State';
import { AccountLink, CompanyLink, EventLink, Hash } from '../detail/values';
import type { ApplicationQuery } from '../graphql/graphql';
import { texts as words } from '../texts';
import { inPlace } from './papers';
import { texts } from './texts';

type Paper = NonNullable<ApplicationQuery['application']>['papers'][number];

/** Papers by their hashes, and who answers for each. */
export function PaperTable({ of }: { of: readonly Paper[] }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  return (
    <Table<Paper>
      size="small"
      aria-label={w('papers')}
      rowKey="id"
      pagination={false}
      scroll={{ x: 'max-content' }}
      dataSource={[...inPlace(of)]}
      columns={[
        { title: w('paper'), render: (_, row) => <Word of="PaperKind" is={row.kind} /> },
        { title: t('hash'), render: (_, row) => <Hash of={row.hash} /> },
        {
          title: t('attestedBy'),
          render: (_, row) =>
            row.companyId === null ? (
              <span className="x-quiet">{t('notAttested')}</span>
            ) : (
              <CompanyLink id={row.companyId} />
            ),
        },
        {
          title: t('person'),
          render: (_, row) => <AccountLink account={row.attestedBy} />,
          responsive: ['md'],
        },
        {
          title: w('event'),
          align: 'right',
          render: (_, row) => <EventLink id={`${row.blockNumber}-${row.fact}`} />,
          responsive: ['sm'],
        },
      ]}
    />
  );
}

import { Table } from 'antd';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { Answered, Empty } from '../../../ui/answers';
import { State } from '../detail/State';
import { AccountLink, BlockLink, Permissions, When } from '../detail/values';
import { texts as words } from '../texts';
import { companyRolesQuery } from './queries';
import { texts } from './texts';

/** Who may act for a company, and who validates for it. */
export function CompanyRoles(props: { company: number; at: { number: number } | null }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const query = useAsk(companyRolesQuery, props);
  return (
    <Answered query={query} rows={6}>
      {({ roles, validators }) => (
        <div className="x-stack">
          <h3 className="x-heading">{w('validators')}</h3>
          <Table
            size="small"
            aria-label={w('validators')}
            rowKey="id"
            pagination={false}
            scroll={{ x: 'max-content' }}
            dataSource={validators}
            locale={{ emptyText: <Empty text={t('noValidators')} /> }}
            columns={[
              { title: t('account'), render: (_, row) => <AccountLink account={row.account} /> },
              { title: w('status'), render: (_, row) => <State kind="validator" of={row.state} /> },
              {
                title: w('since'),
                align: 'right',
                render: (_, row) => <BlockLink number={row.blockNumber} />,
              },
            ]}
          />
          <h3 className="x-heading">{w('roles')}</h3>
          <Table
            size="small"
            aria-label={w('roles')}
            rowKey="id"
            pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
            scroll={{ x: 'max-content' }}
            dataSource={roles}
            locale={{ emptyText: <Empty text={t('noRoles')} /> }}
            columns={[
              { title: t('account'), render: (_, row) => <AccountLink account={row.account} /> },
              {
                title: t('may'),
                render: (_, row) => (
                  <div style={{ maxWidth: 520, whiteSpace: 'normal' }}>
                    <Permissions bits={row.permissions} />
                  </div>
                ),
              },
              {
                title: t('expires'),
                render: (_, row) => (row.expires === null ? t('never') : <When at={row.expires} />),
              },
              {
                title: t('grantedBy'),
                render: (_, row) => <AccountLink account={row.grantedBy} />,
                responsive: ['md'],
              },
              {
                title: w('since'),
                align: 'right',
                render: (_, row) => <BlockLink number={row.blockNumber} />,
                responsive: ['md'],
              },
            ]}
          />
        </div>
      )}
    </Answered>
  );
}

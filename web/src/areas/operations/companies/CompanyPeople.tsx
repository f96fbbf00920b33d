import { Table } from 'antd';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Empty } from '../../../ui/answers';
import { AccountName } from '../../../ui/links';
import { Time } from '../../../ui/Time';
import { useNow } from '../../../ui/useNow';
import type { OperationsCompanyQuery } from '../graphql/graphql';
import { Section } from '../parts/Section';
import { Permitted } from '../parts/words';
import { accountsWith } from '../tariffs/permissions';
import { texts as words } from '../texts';
import { Since } from './Since';
import { texts } from './texts';

type Role = OperationsCompanyQuery['roles'][number];

/** Who may do what for a company. */
export function CompanyPeople({ roles }: { roles: readonly Role[] }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const f = useFormat();
  const now = useNow(60_000);
  const admins = accountsWith(roles, 'roles', now);
  return (
    <Section title={t('roles')}>
      <div className="o-stack">
        <div className="o-row">
          <strong>{t('admins')}</strong>
          {admins.length === 0 ? <span className="o-more">{t('noAdmins')}</span> : null}
          {admins.map((account) => (
            <AccountName key={account} account={account} copy />
          ))}
          <span className="o-note">{t('adminsLead')}</span>
        </div>
        <Table<Role>
          size="small"
          aria-label={t('roles')}
          rowKey="id"
          pagination={roles.length > 20 ? { pageSize: 20, size: 'small', showSizeChanger: false } : false}
          scroll={{ x: 'max-content' }}
          dataSource={[...roles]}
          locale={{ emptyText: <Empty text={t('noRoles')} /> }}
          columns={[
            {
              title: w('account'),
              render: (_, { account }) => (account === null ? '' : <AccountName account={account} />),
            },
            {
              title: t('may'),
              render: (_, { permissions }) => (
                <div className="o-told">
                  <Permitted bits={permissions ?? 0} />
                </div>
              ),
            },
            {
              title: t('expires'),
              render: (_, { expires }) => {
                if (expires === null) return t('never');
                const isOver = Date.parse(expires) <= now;
                return isOver ? (
                  <span className="o-more">{t('over', { time: f.time(expires) })}</span>
                ) : (
                  <Time at={expires} />
                );
              },
            },
            {
              title: t('grantedBy'),
              render: (_, { grantedBy }) => (grantedBy === null ? '' : <AccountName account={grantedBy} />),
            },
            { title: t('since'), render: (_, { time }) => <Since at={time} /> },
          ]}
        />
      </div>
    </Section>
  );
}

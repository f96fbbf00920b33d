import { PlusOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { Alert, Button, Table, Tag } from 'antd';
import type { ColumnType } from 'antd/es/table';
import { useState } from 'react';
import { useMay, useSession } from '../../../../api/hooks';
import { PERMISSIONS } from '../../../../chain/calls/vocabulary';
import { accountHex } from '../../../../format/ids';
import { useLanguage, useTexts } from '../../../../i18n/useTexts';
import { Answered, Empty } from '../../../../ui/answers';
import { Facts } from '../../../../ui/Facts';
import { Icon } from '../../../../ui/Icon';
import { AccountName, BlockLink } from '../../../../ui/links';
import { StateTag } from '../../../../ui/StateTag';
import { Time } from '../../../../ui/Time';
import { useNow } from '../../../../ui/useNow';
import { useCompanies } from '../../roster/useCompanies';
import { GrantDialog } from './GrantDialog';
import { RevokeDialog } from './RevokeDialog';
import { bitOf, granterFault, hasExpired, permissions, type Role, revokeFault } from './role';
import { texts } from './texts';
import { useRoles } from './useRoles';

/** Who may act for the company on the chain, and in the portal by that. */
export function PeopleTab() {
  const t = useTexts(texts);
  const session = useSession();
  const company = session?.company ?? 0;
  const query = useRoles(company);
  const { all: companies } = useCompanies();
  const standing = companies.find(({ id }) => id === company)?.standing;
  const isStopped = standing !== undefined && standing !== 'active';
  const maySeeDrivers = useMay('fleet_drivers');
  if (session === null) return null;
  return (
    <div className="f-stack">
      <p className="f-none">{t('lead')}</p>
      {isStopped ? (
        <Alert type="error" showIcon title={t(standing)} description={t(`${standing}Text`)} />
      ) : null}
      <Answered query={query} rows={6}>
        {(roles) => <Roles roles={roles} me={accountHex(session.wallet)} locked={isStopped} />}
      </Answered>
      <div className="f-row">
        <span className="f-quiet">
          {t('drivers')} {t('others')}
        </span>
        {maySeeDrivers ? (
          <Link to="/fleet/drivers" search={{ tab: 'enrolled' }}>
            {t('toDrivers')}
          </Link>
        ) : null}
      </div>
      <Meanings />
    </div>
  );
}

/** What each permission opens. */
function Meanings() {
  const t = useTexts(texts);
  const language = useLanguage();
  return (
    <section className="f-stack f-tight" aria-label={t('what')}>
      <h2 className="f-heading">{t('what')}</h2>
      <Facts facts={permissions.map((name, bit) => [PERMISSIONS[bit]?.[language] ?? name, t(name)])} />
    </section>
  );
}

/** The permissions of a role as tags. */
export function Permits({ bits }: { bits: number }) {
  const language = useLanguage();
  return (
    <span className="f-tags">
      {permissions.map((name, bit) =>
        (bits & bitOf(name)) === 0 ? null : (
          <Tag key={name} variant="filled">
            {PERMISSIONS[bit]?.[language]}
          </Tag>
        ),
      )}
    </span>
  );
}

type Open = { readonly kind: 'grant' | 'revoke'; readonly role: Role | null } | null;

function Roles({ roles, me, locked }: { roles: readonly Role[]; me: string; locked: boolean }) {
  const t = useTexts(texts);
  const nowS = Math.floor(useNow(30_000) / 1000);
  const [open, setOpen] = useState<Open>(null);
  const mayGrant = !locked && granterFault({ roles, signer: me, nowS }) === null;
  const close = () => setOpen(null);
  const columns: ColumnType<Role>[] = [
    {
      key: 'account',
      title: t('account'),
      render: (_, { account }) => (
        <span className="f-row">
          <AccountName account={account} copy />
          {account === me ? <StateTag tone="busy" text={t('you')} /> : null}
        </span>
      ),
    },
    {
      key: 'may',
      title: t('may'),
      render: (_, role) => (
        <div className="f-told">
          <Permits bits={role.permissions} />
        </div>
      ),
    },
    { key: 'expires', title: t('expires'), render: (_, role) => <Until of={role} nowS={nowS} /> },
    {
      key: 'grantedBy',
      title: t('grantedBy'),
      render: (_, { grantedBy }) => (grantedBy === null ? '—' : <AccountName account={grantedBy} />),
      responsive: ['lg'],
    },
    {
      key: 'since',
      title: t('since'),
      align: 'right',
      render: (_, { since }) => <BlockLink number={since} />,
      responsive: ['lg'],
    },
  ];
  const actions: ColumnType<Role> = {
    key: 'actions',
    align: 'right',
    render: (_, role) => {
      const fault = revokeFault({ roles, signer: me, who: role.account, nowS });
      const isOutranked = fault === 'outranked';
      return (
        <span className="f-row f-end">
          <Button
            size="small"
            disabled={isOutranked}
            {...(isOutranked ? { title: t('outranked') } : {})}
            onClick={() => setOpen({ kind: 'grant', role })}
          >
            {t('change')}
          </Button>
          <Button size="small" onClick={() => setOpen({ kind: 'revoke', role })}>
            {t('revoke')}
          </Button>
        </span>
      );
    },
  };
  return (
    <>
      {mayGrant ? (
        <div>
          <Button
            type="primary"
            icon={<Icon of={PlusOutlined} />}
            onClick={() => setOpen({ kind: 'grant', role: null })}
          >
            {t('grant')}
          </Button>
        </div>
      ) : null}
      <Table<Role>
        size="small"
        aria-label={t('lead')}
        rowKey="account"
        columns={mayGrant ? [...columns, actions] : columns}
        dataSource={[...roles]}
        pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
        scroll={{ x: 'max-content' }}
        locale={{ emptyText: <Empty text={t('none')} /> }}
      />
      {open?.kind === 'grant' ? (
        <GrantDialog
          key={open.role?.account ?? 'new'}
          present={open.role}
          roles={roles}
          me={me}
          close={close}
        />
      ) : null}
      {open?.kind === 'revoke' && open.role !== null ? (
        <RevokeDialog role={open.role} roles={roles} me={me} close={close} />
      ) : null}
    </>
  );
}

function Until({ of, nowS }: { of: Role; nowS: number }) {
  const t = useTexts(texts);
  if (of.expires === null) return <span className="f-quiet">{t('forEver')}</span>;
  return (
    <span className="f-row">
      <Time at={of.expires * 1000} />
      {hasExpired(of, nowS) ? <StateTag tone="bad" text={t('expired')} /> : null}
    </span>
  );
}

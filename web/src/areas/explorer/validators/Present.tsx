import { Table } from 'antd';
import { session$ } from '../../../chain/validators';
import { accountHex } from '../../../format/ids';
import { useTexts } from '../../../i18n/useTexts';
import { Loading } from '../../../ui/answers';
import { StateTag } from '../../../ui/StateTag';
import { AccountLink, CompanyLink, Count } from '../detail/values';
import { useNodeFollow } from '../node/useNode';
import { texts as words } from '../texts';
import { texts } from './texts';

/** Who makes blocks now, as the node says after each final block. */
export function Present() {
  const t = useTexts(texts);
  const w = useTexts(words);
  const session = useNodeFollow(session$);
  if (session === undefined) return <Loading rows={4} />;
  return (
    <div className="x-stack">
      <span>
        {t('session')} <Count of={session.index} /> <span className="x-quiet">· {t('nowHint')}</span>
      </span>
      <Table
        size="small"
        aria-label={t('now')}
        rowKey="account"
        pagination={false}
        scroll={{ x: 'max-content' }}
        dataSource={session.validators.map((validator, place) => ({ ...validator, place }))}
        columns={[
          { title: t('place'), dataIndex: 'place' },
          { title: w('company'), render: (_, row) => <CompanyLink id={row.company} /> },
          {
            title: w('account'),
            render: (_, row) => <AccountLink account={accountHex(row.account)} />,
            responsive: ['sm'],
          },
          {
            title: w('status'),
            render: (_, row) => (
              <StateTag
                tone={row.disabled ? 'bad' : 'good'}
                text={t(row.disabled ? 'disabled' : 'working')}
              />
            ),
          },
        ]}
      />
    </div>
  );
}

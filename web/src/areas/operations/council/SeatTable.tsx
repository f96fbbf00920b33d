import { Table } from 'antd';
import { useTexts } from '../../../i18n/useTexts';
import { AccountName } from '../../../ui/links';
import { PathLink } from '../../../ui/PathLink';
import { StateTag } from '../../../ui/StateTag';
import type { WalletAccount } from '../../../wallet/account';
import { companyOfOperations } from '../parts/names';
import { Section } from '../parts/Section';
import { texts } from './texts';
import type { Seats } from './useSeats';

/** Who sits in the council, and for which company. */
export function SeatTable(props: { of: Seats; own: readonly WalletAccount[] }) {
  const t = useTexts(texts);
  const { seats, company } = props.of;
  const own = new Set(props.own.map(({ address }) => address));
  return (
    <Section title={t('seats')}>
      <div className="o-stack o-tight">
        <p className="o-none">{t('seatsLead', { count: seats.length })}</p>
        <Table
          size="small"
          aria-label={t('seats')}
          rowKey="account"
          pagination={seats.length > 20 ? { pageSize: 20, size: 'small', showSizeChanger: false } : false}
          scroll={{ x: 'max-content' }}
          dataSource={[...seats]}
          columns={[
            {
              title: t('acts'),
              render: (_, { company: id }) =>
                id === undefined ? (
                  <span className="o-quiet">{t('actsForNobody')}</span>
                ) : (
                  <PathLink to={companyOfOperations(id)}>{company(id)}</PathLink>
                ),
            },
            {
              title: t('account'),
              render: (_, { account }) => (
                <span className="o-row">
                  <AccountName account={account} copy />
                  {own.has(account) ? <StateTag tone="good" text={t('yours')} /> : null}
                </span>
              ),
            },
          ]}
        />
      </div>
    </Section>
  );
}

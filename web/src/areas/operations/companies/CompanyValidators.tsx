import { Table } from 'antd';
import { useSessionOfChain } from '../../../chain/hooks';
import { ss58 } from '../../../format/ids';
import { useTexts } from '../../../i18n/useTexts';
import { Empty } from '../../../ui/answers';
import { AccountName } from '../../../ui/links';
import { StateTag } from '../../../ui/StateTag';
import type { OperationsCompanyQuery } from '../graphql/graphql';
import { Section } from '../parts/Section';
import { texts as words } from '../texts';
import { Since } from './Since';
import { texts } from './texts';

type Validator = OperationsCompanyQuery['validators'][number];

/** Who makes blocks for a company, and how they do in the session of now. */
export function CompanyValidators({ validators }: { validators: readonly Validator[] }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  return (
    <Section title={t('validators')}>
      {validators.length === 0 ? (
        <Empty text={t('noValidators')} />
      ) : (
        <Table<Validator>
          size="small"
          aria-label={t('validators')}
          rowKey="id"
          pagination={false}
          scroll={{ x: 'max-content' }}
          dataSource={[...validators]}
          columns={[
            {
              title: w('account'),
              render: (_, { account }) => (account === null ? '' : <AccountName account={account} copy />),
            },
            {
              title: t('stateNow'),
              render: (_, { account }) => (account === null ? '' : <InSession account={ss58(account)} />),
            },
            {
              title: w('state'),
              render: (_, { gone }) => (gone === null ? '' : t('leaving', { session: gone })),
            },
            { title: t('since'), render: (_, { time }) => <Since at={time} /> },
          ]}
        />
      )}
    </Section>
  );
}

function InSession({ account }: { account: string }) {
  const t = useTexts(texts);
  const session = useSessionOfChain();
  if (session === undefined) return '…';
  const here = session.validators.find((validator) => validator.account === account);
  if (here === undefined) return <StateTag tone="plain" text={t('notInSession')} />;
  return here.disabled ? (
    <StateTag tone="bad" text={t('disabled')} />
  ) : (
    <StateTag tone="good" text={t('inSession')} />
  );
}

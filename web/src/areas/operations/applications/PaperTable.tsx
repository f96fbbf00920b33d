import { Button, Table } from 'antd';
import { useTexts } from '../../../i18n/useTexts';
import type { Hex } from '../../../proof/bytes';
import { companyPath } from '../../../route/paths';
import { AccountName, Hash } from '../../../ui/links';
import { PathLink } from '../../../ui/PathLink';
import { StateTag } from '../../../ui/StateTag';
import { callOf } from '../../../wallet/requests';
import type { OperationsApplicationQuery } from '../graphql/graphql';
import { useOwnAccount } from '../parts/useOwnAccount';
import { Word } from '../parts/words';
import { useCompanies } from '../tariffs/useCompanies';
import { inPlace } from './papers';
import { texts } from './texts';
import { useSubmit } from './useSubmit';

type Paper = NonNullable<OperationsApplicationQuery['application']>['papers'][number];

/** Papers, who answers for each, and a button for who may attest. */
export function PaperTable(props: {
  application: number;
  papers: readonly Paper[];
  /** The hash of a document that was compared. */
  shown: Hex | undefined;
  /** For which company papers can be attested. Missing: they cannot. */
  company: number | undefined;
}) {
  const t = useTexts(texts);
  const { name } = useCompanies();
  const account = useOwnAccount();
  const { submit, isBusy } = useSubmit();
  const { application, papers, shown, company } = props;
  const attest = (index: number) =>
    submit(callOf('Consortium', 'attest_paper', { application, index, company }), t('attested'), account);
  return (
    <Table<Paper>
      size="small"
      aria-label={t('papers')}
      rowKey="id"
      pagination={false}
      scroll={{ x: 'max-content' }}
      dataSource={[...inPlace(papers)]}
      columns={[
        { title: t('paper'), render: (_, { kind }) => <Word of="PaperKind" is={kind} /> },
        {
          title: t('hash'),
          render: (_, { hash }) =>
            hash === null ? null : (
              <span className="o-row">
                <Hash value={hash} />
                {hash === shown ? <StateTag tone="good" text={t('compared')} /> : null}
              </span>
            ),
        },
        {
          title: t('attestedBy'),
          render: (_, { companyId, attestedBy }) =>
            companyId === null ? (
              <span className="o-quiet">{t('notAttested')}</span>
            ) : (
              <span className="o-row">
                <PathLink to={companyPath(companyId)}>{name(companyId)}</PathLink>
                {attestedBy === null ? null : <AccountName account={attestedBy} />}
              </span>
            ),
        },
        ...(company === undefined
          ? []
          : [
              {
                title: '',
                key: 'attest',
                align: 'right' as const,
                render: (_: unknown, { place, companyId }: Paper) =>
                  place === null || companyId === company ? null : (
                    <Button size="small" disabled={isBusy} onClick={() => void attest(place)}>
                      {t('attest')}
                    </Button>
                  ),
              },
            ]),
      ]}
    />
  );
}

import { getRouteApi } from '@tanstack/react-router';
import { Alert, Button } from 'antd';
import { useState } from 'react';
import { useSession } from '../../../api/hooks';
import { accountHex } from '../../../format/ids';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import type { Hex } from '../../../proof/bytes';
import { applicationPath, companyPath } from '../../../route/paths';
import { Answered, Empty } from '../../../ui/answers';
import { Facts } from '../../../ui/Facts';
import { AccountName } from '../../../ui/links';
import { Page } from '../../../ui/Page';
import { PathLink } from '../../../ui/PathLink';
import { StateTag } from '../../../ui/StateTag';
import { Time } from '../../../ui/Time';
import { useNow } from '../../../ui/useNow';
import type { WalletAccount } from '../../../wallet/account';
import { callOf } from '../../../wallet/requests';
import { useWallet } from '../../../wallet/shared';
import { useConstant } from '../council/useCouncil';
import type { OperationsApplicationQuery } from '../graphql/graphql';
import '../operations.css';
import { Section } from '../parts/Section';
import { Word } from '../parts/words';
import { useCompanies } from '../tariffs/useCompanies';
import { missingOf } from './admission';
import { attestFault, isOutlived } from './attest';
import { DocumentCheck } from './DocumentCheck';
import { PaperTable } from './PaperTable';
import { applicationQuery, attesterQuery } from './queries';
import { TreasuryTag } from './TreasuryTag';
import { TreasuryWord } from './TreasuryWord';
import { texts } from './texts';
import { useSubmit } from './useSubmit';

type Application = NonNullable<OperationsApplicationQuery['application']>;

const route = getRouteApi('/operations/companies/applications/$application');

/** Somebody wants to join: the papers are attested here, and then the council is asked. */
export function ApplicationPage() {
  const t = useTexts(texts);
  const { application: id } = route.useParams();
  const query = useAsk(applicationQuery, { id }, { refetchInterval: 10_000 });
  const application = query.data?.application ?? undefined;
  return (
    <Page
      title={application?.name ?? t('one', { id })}
      tags={application === undefined ? null : <Stand of={application} />}
      extra={
        <PathLink to={applicationPath(id)}>
          <Button tabIndex={-1}>{t('inExplorer')}</Button>
        </PathLink>
      }
    >
      <Answered
        query={query}
        isEmpty={(answer) => answer.application === null}
        empty={<Empty text={t('notThere')} />}
        rows={8}
      >
        {() => (application === undefined ? null : <Known of={application} />)}
      </Answered>
    </Page>
  );
}

function Stand({ of }: { of: Application }) {
  const t = useTexts(texts);
  if (of.state === 'admitted') return <StateTag tone="good" text={t('admitted')} />;
  if (of.state === 'closed') return <StateTag tone="plain" text={t('closed')} />;
  const missing = missingOf(of);
  return missing === null ? (
    <StateTag tone="good" text={t('ready')} />
  ) : (
    <StateTag tone="busy" text={t(`waits_${missing}`)} />
  );
}

function Known({ of }: { of: Application }) {
  const t = useTexts(texts);
  return (
    <>
      {of.state === 'open' ? <Next of={of} /> : null}
      <Section title={t('facts')}>
        <ApplicationFacts of={of} />
      </Section>
      <Papers of={of} />
    </>
  );
}

function ApplicationFacts({ of }: { of: Application }) {
  const t = useTexts(texts);
  const { name } = useCompanies();
  const account = (value: string | null) =>
    value === null ? null : <AccountName key={value} account={value} copy />;
  return (
    <Facts
      facts={[
        [t('number'), of.id],
        [t('kind'), <Word key="kind" of="CompanyKind" is={of.kind} />],
        [t('applied'), of.applied === null ? null : <Time key="applied" at={of.applied} />],
        [t('applicant'), account(of.applicant)],
        [t('treasury'), account(of.treasury)],
        [
          t('treasuryWord'),
          of.treasury === null ? null : <TreasuryTag key="agreed" accepted={of.treasuryAccepted} />,
        ],
        [
          t('became'),
          of.companyId === null ? null : (
            <PathLink key="company" to={companyPath(of.companyId)}>
              {name(of.companyId)}
            </PathLink>
          ),
        ],
      ]}
    />
  );
}

/** What has to come next, and the ways there. */
function Next({ of }: { of: Application }) {
  const t = useTexts(texts);
  const propose = (what: string) => `/operations/council/propose?what=${what}&application=${of.id}`;
  const missing = missingOf(of);
  const isReady = missing === null;
  const own = useApplicant(of);
  return (
    <>
      <Outlived of={of} />
      {of.treasuryAccepted === true || of.treasury === null || of.application === null ? null : (
        <TreasuryWord application={of.application} treasury={of.treasury} />
      )}
      <Alert
        type={isReady ? 'success' : 'info'}
        showIcon
        title={t(isReady ? 'readyText' : `waitsText_${missing}`)}
        action={
          <span className="o-row">
            {isReady ? (
              <PathLink to={propose('admit')}>
                <Button type="primary" tabIndex={-1}>
                  {t('admit')}
                </Button>
              </PathLink>
            ) : null}
            {own === undefined ? (
              <PathLink to={propose('closeApplication')}>
                <Button tabIndex={-1}>{t('close')}</Button>
              </PathLink>
            ) : (
              <Withdraw of={of} account={own} text={t('withdraw')} />
            )}
          </span>
        }
      />
    </>
  );
}

/** The account of this person that applied, if it is one of hers. */
function useApplicant({ applicant }: Application): WalletAccount | undefined {
  const wallet = useWallet();
  return wallet?.accounts.find(({ address }) => applicant !== null && accountHex(address) === applicant);
}

/** Nobody decided on it for so long that anybody may close it. */
function Outlived({ of }: { of: Application }) {
  const t = useTexts(texts);
  const life = useConstant('Consortium', 'ApplicationLife');
  const nowMs = useNow(60_000);
  if (life === undefined || !isOutlived(of.applied, life, nowMs)) return null;
  return (
    <Alert
      type="warning"
      showIcon
      title={t('outlived', { days: String(life / 86_400n) })}
      action={<Withdraw of={of} account={undefined} text={t('closeOld')} />}
    />
  );
}

function Withdraw(props: { of: Application; account: WalletAccount | undefined; text: string }) {
  const t = useTexts(texts);
  const { submit, isBusy } = useSubmit();
  const { application } = props.of;
  return (
    <Button
      danger
      loading={isBusy}
      onClick={() =>
        void submit(
          callOf('Consortium', 'withdraw_application', { application }),
          t('withdrawn'),
          props.account,
        )
      }
    >
      {props.text}
    </Button>
  );
}

function Papers({ of }: { of: Application }) {
  const t = useTexts(texts);
  const session = useSession();
  const nowMs = useNow(60_000);
  const [shown, show] = useState<Hex>();
  const company = session?.company;
  const accounts = [session?.wallet, of.applicant].flatMap((account) =>
    account == null ? [] : [accountHex(account)],
  );
  const { data } = useAsk(
    attesterQuery,
    { id: String(company ?? 0), company: company ?? 0, accounts },
    { enabled: session !== null && of.state === 'open' },
  );
  const fault =
    session !== null && of.state === 'open' && data === undefined
      ? undefined
      : attestFault({
          application: of,
          session,
          company: data?.company ?? null,
          roles: data?.roles ?? [],
          nowMs,
        });
  return (
    <Section title={t('papers')}>
      <div className="o-stack">
        <p className="o-none">{t('papersLead')}</p>
        <DocumentCheck papers={of.papers} shown={shown} show={show} />
        <PaperTable
          application={of.application ?? 0}
          papers={of.papers}
          shown={shown}
          company={fault === null ? company : undefined}
        />
        {fault == null || fault === 'closed' ? null : <p className="o-note">{t(fault)}</p>}
      </div>
    </Section>
  );
}

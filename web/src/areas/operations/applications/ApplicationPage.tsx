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
import { callOf } from '../../../wallet/requests';
import { useWallet } from '../../../wallet/shared';
import type { OperationsApplicationQuery } from '../graphql/graphql';
import '../operations.css';
import { Section } from '../parts/Section';
import { Word } from '../parts/words';
import { useCompanies } from '../tariffs/useCompanies';
import { attestFault } from './attest';
import { DocumentCheck } from './DocumentCheck';
import { PaperTable } from './PaperTable';
import { isAttested } from './papers';
import { applicationQuery, attesterQuery } from './queries';
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

function Stand({ of: { state, papers } }: { of: Application }) {
  const t = useTexts(texts);
  if (state === 'admitted') return <StateTag tone="good" text={t('admitted')} />;
  if (state === 'closed') return <StateTag tone="plain" text={t('closed')} />;
  return isAttested(papers) ? (
    <StateTag tone="good" text={t('ready')} />
  ) : (
    <StateTag tone="busy" text={t('waiting')} />
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
  const wallet = useWallet();
  const { submit, isBusy } = useSubmit();
  const propose = (what: string) => `/operations/council/propose?what=${what}&application=${of.id}`;
  const isReady = isAttested(of.papers);
  const applicant = wallet?.accounts.find(
    ({ address }) => of.applicant !== null && accountHex(address) === of.applicant,
  );
  return (
    <Alert
      type={isReady ? 'success' : 'info'}
      showIcon
      title={t(isReady ? 'readyText' : 'waitingText')}
      action={
        <span className="o-row">
          {isReady ? (
            <PathLink to={propose('admit')}>
              <Button type="primary" tabIndex={-1}>
                {t('admit')}
              </Button>
            </PathLink>
          ) : null}
          {applicant === undefined ? (
            <PathLink to={propose('closeApplication')}>
              <Button tabIndex={-1}>{t('close')}</Button>
            </PathLink>
          ) : (
            <Button
              danger
              loading={isBusy}
              onClick={() =>
                void submit(
                  callOf('Consortium', 'withdraw_application', { application: of.application }),
                  t('withdrawn'),
                  applicant,
                )
              }
            >
              {t('withdraw')}
            </Button>
          )}
        </span>
      }
    />
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

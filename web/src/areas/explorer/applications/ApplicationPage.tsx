import { getRouteApi } from '@tanstack/react-router';
import { Button, Card } from 'antd';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { attestPath } from '../../../route/paths';
import { Answered } from '../../../ui/answers';
import { Facts } from '../../../ui/Facts';
import { PathLink } from '../../../ui/links';
import { Page } from '../../../ui/Page';
import { NotThere } from '../detail/NotThere';
import { Section } from '../detail/Section';
import { State, Word } from '../detail/State';
import { AccountLink, CompanyLink, EventLink, When } from '../detail/values';
import type { ApplicationQuery } from '../graphql/graphql';
import { texts as words } from '../texts';
import { PaperTable } from './PaperTable';
import { attestedOf } from './papers';
import { applicationQuery } from './queries';
import { TreasuryTag } from './TreasuryTag';
import { texts } from './texts';

type Found = NonNullable<ApplicationQuery['application']>;

const route = getRouteApi('/explorer/applications/$application');

/** Somebody wants to join: as what, with which papers, and what became of it. */
export function ApplicationPage() {
  const t = useTexts(texts);
  const w = useTexts(words);
  const f = useFormat();
  const { application: id } = route.useParams();
  const query = useAsk(applicationQuery, { id }, { refetchInterval: 15_000 });
  return (
    <Answered query={query} rows={8}>
      {({ application, _meta }) => {
        if (application === null)
          return <NotThere what={w('applicationNumber', { id })} newest={_meta?.block?.number} />;
        const { papers, state } = application;
        return (
          <Page
            title={application.name ?? w('applicationNumber', { id })}
            tags={<State kind="application" of={state} />}
            extra={
              state === 'open' ? (
                <PathLink to={attestPath(id)}>
                  <Button tabIndex={-1}>{t('attest')}</Button>
                </PathLink>
              ) : null
            }
          >
            <Card size="small">
              <ApplicationFacts of={application} />
            </Card>
            <Section title={w('papers')}>
              <p className="x-quiet x-none">
                {t('attested', { count: f.count(attestedOf(papers)), all: f.count(papers.length) })}{' '}
                {t('papersLead')}
              </p>
              <PaperTable of={papers} />
            </Section>
          </Page>
        );
      }}
    </Answered>
  );
}

function ApplicationFacts({ of }: { of: Found }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const ended = of.state === 'closed';
  return (
    <Facts
      facts={[
        [w('number'), of.id],
        [t('kind'), <Word key="kind" of="CompanyKind" is={of.kind} />],
        [t('applied'), <When key="applied" at={of.applied} />],
        [t('applicant'), <AccountLink key="applicant" account={of.applicant} whole />],
        [t('treasury'), <AccountLink key="treasury" account={of.treasury} whole />],
        [t('treasuryWord'), <TreasuryTag key="agreed" accepted={of.treasuryAccepted} />],
        [t('became'), of.companyId === null ? null : <CompanyLink key="company" id={of.companyId} />],
        [
          t('closedBy'),
          !ended ? null : of.closedBy === null ? (
            t('council')
          ) : (
            <AccountLink key="closed" account={of.closedBy} whole />
          ),
        ],
        [
          t('changed'),
          <span key="changed" className="x-row">
            <When at={of.time} />
            <EventLink id={`${of.blockNumber}-${of.fact}`}>{w('event')}</EventLink>
          </span>,
        ],
      ]}
    />
  );
}

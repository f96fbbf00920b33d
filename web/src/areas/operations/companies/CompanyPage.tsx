import { getRouteApi } from '@tanstack/react-router';
import { Alert, Button } from 'antd';
import { ss58 } from '../../../format/ids';
import { standingOf } from '../../../format/standing';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { Treasury } from '../../../keys/Treasury';
import { companyPath, keysPath } from '../../../route/paths';
import { Amount } from '../../../ui/Amount';
import { Answered, Empty } from '../../../ui/answers';
import { Facts } from '../../../ui/Facts';
import { Figure, Figures } from '../../../ui/Figure';
import { AccountName, Hash } from '../../../ui/links';
import { Page } from '../../../ui/Page';
import { PathLink } from '../../../ui/PathLink';
import { MemberUntil, StandingTag } from '../../../ui/Standing';
import { useNow } from '../../../ui/useNow';
import { useCouncil } from '../council/useCouncil';
import { useSeats } from '../council/useSeats';
import type { OperationsCompanyQuery } from '../graphql/graphql';
import '../operations.css';
import { Section } from '../parts/Section';
import { Word } from '../parts/words';
import { texts as words } from '../texts';
import { CompanyPeople } from './CompanyPeople';
import { CompanyThings } from './CompanyThings';
import { CompanyValidators } from './CompanyValidators';
import { companyQuery } from './queries';
import { Since } from './Since';
import { texts } from './texts';

const route = getRouteApi('/operations/companies/$company');

type Company = NonNullable<OperationsCompanyQuery['company']>;

/** A member of the consortium: its people, validators, money, drivers and vehicles. */
export function CompanyPage() {
  const t = useTexts(texts);
  const w = useTexts(words);
  const { company: id } = route.useParams();
  const number = /^\d{1,10}$/.test(id) ? Number(id) : 0;
  const query = useAsk(companyQuery, { id, company: number }, { refetchInterval: 15_000 });
  const company = query.data?.company ?? undefined;
  return (
    <Page
      title={company?.name ?? w('companyNumber', { id })}
      tags={company === undefined ? null : <StandingTag of={company} />}
      extra={company === undefined ? null : <Ways company={company} />}
    >
      <Answered
        query={query}
        isEmpty={(answer) => answer.company === null}
        empty={<Empty text={t('notThere')} />}
      >
        {(answer) => <Known answer={answer} />}
      </Answered>
    </Page>
  );
}

/** Where one goes from here. */
function Ways({ company }: { company: Company }) {
  const t = useTexts(texts);
  const { id, standing } = company;
  const propose = (what: string) => `/operations/council/propose?what=${what}&company=${id}`;
  return (
    <>
      <PathLink to={companyPath(id)}>
        <Button tabIndex={-1}>{t('inExplorer')}</Button>
      </PathLink>
      {waysOf(standing).map((what) => (
        <PathLink key={what} to={propose(what)}>
          <Button tabIndex={-1}>{t(what)}</Button>
        </PathLink>
      ))}
    </>
  );
}

/** What the council may do with a company: with one that it expelled nothing any more. */
function waysOf(standing: string | null) {
  if (standing === 'Expelled') return [];
  return ['appoint', standing === 'Suspended' ? 'resume' : 'suspend', 'renew', 'expel'] as const;
}

/** Why nobody acts for a company, and what helps. */
function Stopped({ company }: { company: Company }) {
  const t = useTexts(texts);
  const standing = standingOf(company, useNow(60_000));
  if (standing === undefined || standing === 'active') return null;
  return <Alert type={standing === 'expelled' ? 'error' : 'warning'} showIcon title={t(`${standing}Text`)} />;
}

function Known({ answer }: { answer: OperationsCompanyQuery }) {
  const t = useTexts(texts);
  const f = useFormat();
  const { company, roles, validators, vehicles, drivers } = answer;
  const [settled] = answer.settled;
  const sum = (of: readonly { readonly count: string }[]) =>
    of.reduce((all, { count }) => all + BigInt(count), 0n);
  if (company === null) return null;
  return (
    <>
      <Stopped company={company} />
      <Figures>
        <Figure name={t('people')} value={f.count(roles.length)} />
        <Figure name={t('drivers')} value={f.count(drivers.find(isActive)?.count ?? '0')} />
        <Figure name={t('vehicles')} value={f.count(sum(vehicles))} />
        <Figure name={t('validators')} value={f.count(validators.length)} />
        <Figure name={t('rides')} value={f.count(settled?.sum.rideCount ?? '0')} />
        <Figure
          name={t('gross')}
          value={<Amount value={settled?.sum.gross ?? '0'} fen />}
          hint={
            <>
              {t('toDrivers')} <Amount value={settled?.sum.drivers ?? '0'} fen />
            </>
          }
        />
      </Figures>
      <div className="o-columns">
        <CompanyFacts company={company} />
        <CompanyThings vehicles={vehicles} drivers={drivers} />
      </div>
      {company.treasury === null ? null : <CompanyTreasury account={ss58(company.treasury)} />}
      <CompanyPeople roles={roles} />
      <CompanyValidators validators={validators} />
    </>
  );
}

function isActive({ status }: { readonly status: string | null }): boolean {
  return status === 'Active';
}

/** Its money: who holds it, and which keys act for it. */
function CompanyTreasury({ account }: { account: string }) {
  const t = useTexts(texts);
  return (
    <Section
      title={t('treasury')}
      extra={
        <PathLink to={keysPath(account)}>
          <Button size="small" tabIndex={-1}>
            {t('keys')}
          </Button>
        </PathLink>
      }
    >
      <Treasury account={account} />
    </Section>
  );
}

function CompanyFacts({ company }: { company: Company }) {
  const t = useTexts(texts);
  return (
    <Section title={t('facts')}>
      <Facts
        facts={[
          [t('number'), company.id],
          [t('kind'), <Word key="kind" of="CompanyKind" is={company.kind} />],
          [t('joined'), <Since key="since" at={company.registered} />],
          [t('until'), <MemberUntil key="until" until={company.until} />],
          [t('reason'), company.reason === null ? null : <Hash key="reason" value={company.reason} />],
          [t('funded'), <Amount key="funded" value={company.funded ?? '0'} />],
          [t('released'), <Amount key="released" value={company.released ?? '0'} />],
          [t('seat'), <CouncilSeat key="seat" company={Number(company.id)} />],
        ]}
      />
    </Section>
  );
}

const none: readonly string[] = [];

/** The account that votes for a company, as the node has it. */
function CouncilSeat({ company }: { company: number }) {
  const t = useTexts(texts);
  const council = useCouncil();
  const { seats } = useSeats(council?.members ?? none);
  if (council === undefined) return '…';
  const own = seats.find((seat) => seat.company === company);
  if (own === undefined) return <span className="o-quiet">{t('noSeat')}</span>;
  return <AccountName account={own.account} />;
}

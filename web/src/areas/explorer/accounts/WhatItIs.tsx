import { useTexts } from '../../../i18n/useTexts';
import { type Fact, Facts } from '../../../ui/Facts';
import { State } from '../detail/State';
import { ApplicationLink, CompanyLink, Count, DriverLink, Money, Permissions, When } from '../detail/values';
import type { AccountQuery } from '../graphql/graphql';
import { texts as words } from '../texts';
import { texts } from './texts';

/** What an account is on the chain besides an account. */
export function WhatItIs({ of }: { of: AccountQuery }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const { companies, seated, applications, draws, validators, roles, drivers, seats } = of;
  const facts: readonly Fact[] = [
    ...companies.map((company): Fact => [w('company'), <CompanyLink key={company.id} id={company.id} />]),
    ...seated.map(({ id }): Fact => [t('votesFor'), <CompanyLink key={id} id={id} />]),
    ...applications.map(
      (application): Fact => [
        w('applicationNumber', { id: application.id }),
        <span key={application.id} className="x-row">
          <ApplicationLink id={application.id} name={application.name} />
          <State kind="application" of={application.state} />
        </span>,
      ],
    ),
    ...draws.map((draw): Fact => [t('drawsOn'), <CompanyLink key={draw.id} id={draw.companyId} />]),
    ...validators.map(
      (validator): Fact => [
        w('validator'),
        <span key={validator.id} className="x-row">
          <CompanyLink id={validator.companyId} />
          <State kind="validator" of={validator.state} />
        </span>,
      ],
    ),
    ...drivers.map((driver): Fact => [t('driver'), <DriverLink key={driver.id} id={driver.id} />]),
  ];
  if (facts.length + roles.length + seats.length === 0)
    return <p className="x-quiet x-none">{t('nothing')}</p>;
  return (
    <div className="x-stack">
      <Facts
        facts={[
          ...facts,
          ...(roles.length === 0 ? [] : [[t('roles'), <Roles key="roles" of={roles} />] satisfies Fact]),
          ...(seats.length === 0 ? [] : [[t('seats'), <Seats key="seats" of={seats} />] satisfies Fact]),
        ]}
      />
    </div>
  );
}

function Roles({ of }: { of: AccountQuery['roles'] }) {
  const t = useTexts(texts);
  return (
    <ul className="x-plain x-stack">
      {of.map((role) => (
        <li key={role.id}>
          <CompanyLink id={role.companyId} />
          <div>
            <Permissions bits={role.permissions} />
          </div>
          <span className="x-quiet">
            {t('expires')}: {role.expires === null ? t('never') : <When at={role.expires} />}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Seats({ of }: { of: AccountQuery['seats'] }) {
  const t = useTexts(texts);
  return (
    <ul className="x-plain">
      {of.map((seat) => (
        <li key={seat.id} className="x-row">
          <CompanyLink id={seat.companyId} />
          <span>
            {t('seat')} <Count of={seat.seat} />
          </span>
          <State kind="driver" of={seat.status} />
          <span>
            {t('withdrawn')} <Money units={seat.withdrawn} />
          </span>
        </li>
      ))}
    </ul>
  );
}

import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Copy } from '../../../ui/Copy';
import { Facts } from '../../../ui/Facts';
import { Section } from '../detail/Section';
import { Split } from '../detail/Split';
import { State } from '../detail/State';
import { useNames } from '../detail/useNames';
import {
  AccountLink,
  BatchLink,
  BlockLink,
  CompanyLink,
  DriverLink,
  ExtrinsicLink,
  TariffLink,
  When,
} from '../detail/values';
import type { RideQuery } from '../graphql/graphql';
import { texts as words } from '../texts';
import { FareTable } from './FareTable';
import { texts } from './texts';

type Ride = NonNullable<RideQuery['ride']>;

/** What a ride was, what it cost, and who got what. */
export function Receipt({ ride }: { ride: Ride }) {
  const t = useTexts(texts);
  return (
    <div className="x-columns">
      <div className="x-stack">
        <Section title={t('receipt')}>
          <Trip ride={ride} />
        </Section>
        <Section title={t('onChain')}>
          <OnChain ride={ride} />
        </Section>
      </div>
      <div className="x-stack">
        <Section title={t('fareLines')}>
          <FareTable ride={ride} />
        </Section>
        <Section title={t('split')}>
          <Parties ride={ride} />
        </Section>
      </div>
    </div>
  );
}

function Trip({ ride }: { ride: Ride }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const f = useFormat();
  const seconds = (value: number | null) => (value === null ? null : f.duration(value * 1000));
  const surge = ride.surgePermille ?? 1000;
  return (
    <Facts
      facts={[
        [
          t('order'),
          <span key="order" className="with-copy numbers">
            {ride.order}
            <Copy text={ride.order ?? ''} />
          </span>,
        ],
        [w('company'), <CompanyLink key="company" id={ride.companyId} />],
        [w('driver'), <DriverLink key="driver" id={ride.driverId} />],
        [t('seat'), <AccountLink key="account" account={ride.account} />],
        [t('kind'), <State key="kind" kind="ride" of={ride.kind} />],
        [t('pickup'), <When key="pickup" at={ride.pickup} />],
        [t('distance'), ride.distanceM === null ? null : f.distance(ride.distanceM)],
        [t('duration'), seconds(ride.durationS)],
        [t('waiting'), seconds(ride.waitingS)],
        [t('surge'), surge === 1000 ? t('surgeNone') : `× ${f.decimal(surge / 1000, 3)}`],
        [t('city'), ride.city === null ? null : String(ride.city).padStart(6, '0')],
      ]}
    />
  );
}

function OnChain({ ride }: { ride: Ride }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const f = useFormat();
  const row =
    ride.row === null || ride.batch === null ? null : { row: ride.row + 1, rides: ride.batch.rideCount ?? 0 };
  return (
    <Facts
      facts={[
        [
          w('batch'),
          <span key="batch" className="x-row">
            <BatchLink id={ride.batchId} />
            {row === null ? null : (
              <span className="x-quiet">
                {t('batchRow', { row: f.count(row.row), rides: f.count(row.rides) })}
              </span>
            )}
          </span>,
        ],
        [w('tariff'), <TariffLink key="tariff" id={ride.tariffId} />],
        [w('block'), <BlockLink key="block" number={ride.blockNumber} />],
        [w('extrinsic'), ride.extrinsic === null ? null : <ExtrinsicLink key="by" id={ride.extrinsic.id} />],
        [w('time'), <When key="time" at={ride.time} />],
      ]}
    />
  );
}

function Parties({ ride }: { ride: Ride }) {
  const t = useTexts(texts);
  const names = useNames();
  return (
    <Split
      label={t('split')}
      of={[
        { name: t('driverPart'), amount: BigInt(ride.driverShare ?? '0') },
        {
          name: t('platformPart', { company: names.company(ride.companyId ?? '') }),
          amount: BigInt(ride.platform ?? '0'),
        },
        { name: t('thirdPart'), amount: BigInt(ride.thirdParties ?? '0') },
      ]}
    />
  );
}

import '../fleet.css';
import { getRouteApi } from '@tanstack/react-router';
import { Alert, Tabs } from 'antd';
import { useSession } from '../../../api/hooks';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { datumOf } from '../../../map/base/tiles';
import { portal } from '../../../portal';
import { vehiclePath } from '../../../route/paths';
import { Answered, Empty } from '../../../ui/answers';
import { Page } from '../../../ui/Page';
import { PathLink } from '../../../ui/PathLink';
import type { FleetVehicleQuery } from '../graphql/graphql';
import { DaysChoice } from '../list/DaysChoice';
import { Section } from '../list/Section';
import { Tabbed } from '../list/Tabbed';
import { useSearchChange } from '../list/useSearchChange';
import { useLiveFleet } from '../live/useLiveFleet';
import { StateFacts } from '../live/VehicleCard';
import { ChainStatus } from '../roster/stateWords';
import type { ChainVehicle } from '../roster/useRoster';
import { texts as words } from '../texts';
import { AlertsOf } from './AlertsOf';
import { Bound } from './Bound';
import { Days } from './Days';
import { Identity } from './Identity';
import { ManageButtons } from './ManageButtons';
import { vehicleQuery } from './queries';
import { SaleCard } from './SaleCard';
import { Stops } from './Stops';
import { Trips } from './Trips';
import { texts } from './texts';

export type FoundVehicle = NonNullable<FleetVehicleQuery['vehicle']>;

const route = getRouteApi('/fleet/vehicles/$vehicle');

/** Everything about one vehicle: its papers on the chain, how it is now, and what it did. */
export function VehiclePage() {
  const t = useTexts(texts);
  const w = useTexts(words);
  const { vehicle: id } = route.useParams();
  const session = useSession();
  const query = useAsk(vehicleQuery, { id });
  return (
    <Answered query={query} rows={8}>
      {({ vehicle: found }) => {
        const vehicle = found === null ? null : read(found);
        if (found === null || vehicle === null)
          return (
            <Page title={w('vehicleNumber', { id })}>
              <Empty text={t('notThere', { id })} />
            </Page>
          );
        const isOurs = vehicle.owner === session?.company;
        return (
          <Page
            title={vehicle.plate ?? w('vehicleNumber', { id })}
            tags={<ChainStatus of={vehicle.status} />}
            extra={
              <>
                {isOurs && session.roles.includes('fleet') ? <ManageButtons vehicle={vehicle} /> : null}
                <PathLink to={vehiclePath(id)} className="ant-btn-like">
                  {w('explorer')}
                </PathLink>
              </>
            }
          >
            <div className="f-columns">
              <Identity of={found} />
              <SaleCard vehicle={vehicle} />
              {isOurs ? <Now vehicle={vehicle.id} /> : null}
              {isOurs ? <Bound vehicle={vehicle.id} onChain={found.devices} /> : null}
            </div>
            {isOurs ? <Past vehicle={vehicle.id} /> : <Alert type="info" showIcon title={t('notOurs')} />}
          </Page>
        );
      }}
    </Answered>
  );
}

function read(found: FoundVehicle): ChainVehicle | null {
  if (found.vehicle === null || found.ownerId === null) return null;
  return {
    id: found.vehicle,
    owner: found.ownerId,
    plate: found.plate === '' ? null : found.plate,
    vin: found.vin ?? '',
    model: found.model ?? '',
    class: found.class ?? '',
    status: found.status ?? '',
    offeredTo: found.offeredToId,
    price: found.price === null ? null : BigInt(found.price),
  };
}

function Now({ vehicle }: { vehicle: number }) {
  const t = useTexts(texts);
  const { fleet, may } = useLiveFleet(datumOf(portal().tiles), [vehicle]);
  if (!may) return null;
  return (
    <Section title={t('liveNow')}>
      <StateFacts fleet={fleet} vehicle={vehicle} />
    </Section>
  );
}

/** What the vehicle did in the last days. */
function Past({ vehicle }: { vehicle: number }) {
  const t = useTexts(texts);
  const { tab = 'trips', days = 7 } = route.useSearch();
  const change = useSearchChange();
  // A phone has no room for both in one line.
  return (
    <Tabbed beside={<DaysChoice days={days} />}>
      <Tabs
        activeKey={tab}
        onChange={(key) => change({ tab: key === 'trips' ? undefined : key })}
        destroyOnHidden
        items={[
          { key: 'trips', label: t('trips'), children: <Trips vehicle={vehicle} days={days} /> },
          { key: 'stops', label: t('stops'), children: <Stops vehicle={vehicle} days={days} /> },
          { key: 'days', label: t('days'), children: <Days vehicle={vehicle} days={days} /> },
          { key: 'alerts', label: t('alerts'), children: <AlertsOf vehicle={vehicle} days={days} /> },
        ]}
      />
    </Tabbed>
  );
}

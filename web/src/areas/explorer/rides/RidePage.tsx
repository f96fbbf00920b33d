import { getRouteApi, Navigate } from '@tanstack/react-router';
import { Card } from 'antd';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { Answered } from '../../../ui/answers';
import { Page } from '../../../ui/Page';
import { NotThere } from '../detail/NotThere';
import { State } from '../detail/State';
import { VerifyButton } from '../detail/VerifyButton';
import { CompanyLink, RideLink } from '../detail/values';
import { rideQuery, ridesQuery } from './queries';
import { Receipt } from './Receipt';
import { texts } from './texts';

const route = getRouteApi('/explorer/rides/$ride');

/** A ride by its id, or by its order alone: then whose it is has to be found. */
export function RidePage() {
  const { ride: id } = route.useParams();
  if (/^\d{1,10}-\d{1,20}-\d{1,20}$/.test(id)) return <ById id={id} />;
  return <ByOrder order={id} />;
}

function ByOrder({ order }: { order: string }) {
  const t = useTexts(texts);
  const isOrder = /^\d{1,20}$/.test(order);
  const query = useAsk(ridesQuery, { where: { order }, first: 20 }, { enabled: isOrder });
  const what = t('one', { order });
  if (!isOrder) return <NotThere what={what} newest={undefined} />;
  return (
    <Answered query={query} rows={8}>
      {({ ridesConnection: { nodes } }) => {
        const [only] = nodes;
        if (only === undefined) return <NotThere what={what} newest={undefined} />;
        if (nodes.length === 1)
          return <Navigate to="/explorer/rides/$ride" params={{ ride: only.id }} replace />;
        return (
          <Page title={what}>
            <Card size="small">
              <p>{t('several')}</p>
              <ul>
                {nodes.map((ride) => (
                  <li key={ride.id}>
                    <CompanyLink id={ride.companyId} /> · <RideLink id={ride.id} order={ride.id} />
                  </li>
                ))}
              </ul>
            </Card>
          </Page>
        );
      }}
    </Answered>
  );
}

function ById({ id }: { id: string }) {
  const t = useTexts(texts);
  const query = useAsk(rideQuery, { id }, { staleTime: Number.POSITIVE_INFINITY });
  return (
    <Answered query={query} rows={8}>
      {({ ride }) =>
        ride === null ? (
          <NotThere what={t('one', { order: id })} newest={undefined} />
        ) : (
          <Page
            title={t('one', { order: ride.order ?? id })}
            tags={<State kind="ride" of={ride.kind} />}
            extra={<VerifyButton subject={{ ride: ride.id }} />}
          >
            <Receipt ride={ride} />
          </Page>
        )
      }
    </Answered>
  );
}

import { getRouteApi } from '@tanstack/react-router';
import { Alert, Card } from 'antd';
import { micro } from '../../../format/money';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { Answered } from '../../../ui/answers';
import { Facts } from '../../../ui/Facts';
import { Page } from '../../../ui/Page';
import { AsOf, AsOfNote } from '../detail/AsOf';
import { NotThere } from '../detail/NotThere';
import { State, Word } from '../detail/State';
import { useNames } from '../detail/useNames';
import { VerifyButton } from '../detail/VerifyButton';
import { BlockLink, CompanyLink } from '../detail/values';
import type { VehicleQuery } from '../graphql/graphql';
import { useChange } from '../list/useTurn';
import { texts as words } from '../texts';
import { Devices } from './Devices';
import { Life } from './Life';
import { vehicleQuery } from './queries';
import { texts } from './texts';

type Found = NonNullable<VehicleQuery['vehicle']>;

const route = getRouteApi('/explorer/vehicles/$vehicle');

export function VehiclePage() {
  const t = useTexts(texts);
  const w = useTexts(words);
  const { vehicle: id } = route.useParams();
  const { at } = route.useSearch();
  const change = useChange();
  const choose = (block: number | undefined) => change({ at: block });
  const query = useAsk(
    vehicleQuery,
    { id, at: at === undefined ? null : { number: at } },
    { keepPrevious: true },
  );
  return (
    <Answered query={query} rows={8}>
      {({ vehicle, _meta }) => {
        const newest = _meta?.block?.number;
        if (vehicle === null && at === undefined)
          return <NotThere what={w('vehicleNumber', { id })} newest={newest} />;
        const plate = vehicle?.plate === '' ? undefined : vehicle?.plate;
        return (
          <Page
            title={plate ?? w('vehicleNumber', { id })}
            tags={<State kind="vehicle" of={vehicle?.status} />}
            extra={
              <>
                <AsOf key={at} at={at} newest={newest} choose={choose} />
                <VerifyButton subject={{ vehicle: id }} />
              </>
            }
          >
            <AsOfNote at={at} choose={choose} />
            {vehicle === null ? (
              <Alert type="warning" showIcon title={t('notYet', { block: at ?? 0 })} />
            ) : (
              <div className="x-columns">
                <Card size="small">
                  <VehicleFacts of={vehicle} />
                </Card>
                <Devices of={vehicle.devices} />
              </div>
            )}
            <Life id={id} at={at} choose={choose} />
          </Page>
        );
      }}
    </Answered>
  );
}

function VehicleFacts({ of }: { of: Found }) {
  const t = useTexts(texts);
  const f = useFormat();
  const names = useNames();
  const priced = (price: string | null) => (price === null ? '—' : f.money(micro(price)));
  return (
    <Facts
      facts={[
        [t('owner'), <CompanyLink key="owner" id={of.ownerId} />],
        [t('plate'), of.plate === '' ? t('noPlate') : of.plate],
        [
          t('vin'),
          <span key="vin" className="code">
            {of.vin}
          </span>,
        ],
        [t('model'), of.model],
        [t('class'), <Word key="class" of="VehicleClass" is={of.class} />],
        [
          t('offered'),
          of.offeredToId === null
            ? null
            : t('offeredTo', { company: names.company(of.offeredToId), price: priced(of.price) }),
        ],
        [
          t('bought'),
          of.boughtFromId === null
            ? null
            : t('boughtFor', { company: names.company(of.boughtFromId), price: priced(of.paid) }),
        ],
        [t('revision'), of.revision],
        [t('changed'), <BlockLink key="changed" number={of.blockNumber} />],
      ]}
    />
  );
}

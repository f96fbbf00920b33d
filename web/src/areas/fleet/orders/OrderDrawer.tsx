import { Drawer } from 'antd';
import { useCall, useMay } from '../../../api/hooks';
import type { Order, Party, Place, Price } from '../../../api/methods';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { boundsOf, datumOf, type LngLat, MapView, PointLayer, toMap } from '../../../map';
import { portal } from '../../../portal';
import { batchPath, ridePath } from '../../../route/paths';
import { Amount } from '../../../ui/Amount';
import { Answered, Empty } from '../../../ui/answers';
import { Facts } from '../../../ui/Facts';
import { BlockLink, PathLink } from '../../../ui/links';
import { StateTag } from '../../../ui/StateTag';
import { Time } from '../../../ui/Time';
import { useNarrow } from '../../../ui/useNarrow';
import { Section } from '../list/Section';
import { VehicleName } from '../roster/VehicleName';
import { texts as words } from '../texts';
import { orderTone } from './order';
import { orderTexts } from './texts';

/** One order. It stands in the list; who may ask for one by its number sees others too. */
export function OrderDrawer(props: {
  id: string | undefined;
  listed: Order | undefined;
  isListRead: boolean;
  close: () => void;
}) {
  const t = useTexts(orderTexts);
  const { id, listed } = props;
  const isNarrow = useNarrow();
  const may = useMay('ops_order');
  const query = useCall(
    'ops_order',
    { order: id ?? '0' },
    { enabled: id !== undefined && listed === undefined && props.isListRead && may },
  );
  return (
    <Drawer
      open={id !== undefined}
      title={id === undefined ? '' : t('details', { order: id })}
      size={isNarrow ? '100%' : 560}
      onClose={props.close}
      destroyOnHidden
    >
      {listed !== undefined ? (
        <OrderView order={listed} />
      ) : may || !props.isListRead ? (
        <Answered query={query} rows={8}>
          {(order) => <OrderView order={order} />}
        </Answered>
      ) : (
        <Empty text={t('notOnPage')} />
      )}
    </Drawer>
  );
}

function OrderView({ order }: { order: Order }) {
  const t = useTexts(orderTexts);
  const w = useTexts(words);
  const { offer, state } = order;
  const when = (ms: number | undefined) => (ms === undefined ? null : <Time at={ms} />);
  const stars = (count: number | undefined) => (count === undefined ? null : t('stars', { count }));
  const named = (place: Place | undefined) => place?.name || (place === undefined ? null : t('noPlace'));
  return (
    <div className="f-stack">
      <Facts
        facts={[
          [
            w('state'),
            state === undefined ? null : <StateTag key="s" tone={orderTone(state)} text={t(state)} />,
          ],
          [t('class'), order.class === undefined ? null : t(order.class)],
          [t('origin'), named(order.origin)],
          [t('destination'), named(order.destination)],
          [w('vehicle'), offer === undefined ? null : <VehicleName key="v" id={offer.vehicle} />],
          [w('driver'), offer?.driver],
        ]}
      />
      <PlacesMap order={order} />
      <Section title={t('course')}>
        <Facts
          facts={[
            [t('made'), when(order.created_at_ms)],
            [t('pickupFor'), when(order.pickup_at_ms)],
            [t('arrivedAt'), when(order.arrived_at_ms)],
            [t('pickedUp'), when(order.picked_up_at_ms)],
            [t('started'), when(order.started_at_ms)],
            [t('ended'), when(order.ended_at_ms)],
            [t('ratingDriver'), stars(order.rating_of_driver)],
            [t('ratingRider'), stars(order.rating_of_rider)],
          ]}
        />
        <Cancelled order={order} />
      </Section>
      <Section title={t('money')}>
        <MoneyFacts order={order} />
      </Section>
      <Section title={t('onChain')}>
        <ChainFacts order={order} />
      </Section>
    </div>
  );
}

function Cancelled({ order: { cancellation } }: { order: Order }) {
  const t = useTexts(orderTexts);
  if (cancellation === undefined) return null;
  const party = (who: Party | undefined) =>
    who === undefined ? null : t(who === 'driver' ? 'driverParty' : who);
  return (
    <Facts
      facts={[
        [t('cancelBy'), party(cancellation.by)],
        [t('fault'), party(cancellation.fault)],
        [t('fee'), <Amount key="fee" value={cancellation.fee} />],
        [t('why'), cancellation.reason],
      ]}
    />
  );
}

function MoneyFacts({ order: { quote, receipt } }: { order: Order }) {
  const t = useTexts(orderTexts);
  const f = useFormat();
  const priced = (price: Price | undefined) =>
    price === undefined
      ? []
      : ([
          [t('fare'), <Amount key="fare" value={price.fare} />],
          [t('tolls'), <Amount key="tolls" value={price.tolls} />],
          [t('total'), <Amount key="total" value={price.total} />],
          [t('distance'), f.distance(price.distance_m)],
          [t('duration'), f.duration(price.duration_s * 1000)],
          [t('waiting'), price.waiting_s === 0 ? null : f.duration(price.waiting_s * 1000)],
          [
            t('surge'),
            price.surge_permille === 1000
              ? null
              : t('multiplier', { times: f.decimal(price.surge_permille / 1000, 2) }),
          ],
        ] as const);
  return (
    <Facts
      facts={[
        ...priced(receipt),
        [t('promised'), quote?.price === undefined ? null : <Amount key="quote" value={quote.price.total} />],
        [t('cap'), quote === undefined ? null : <Amount key="cap" value={quote.cap} />],
      ]}
    />
  );
}

/** Where the chain has it, and what the driver got by its receipt. */
function ChainFacts({ order }: { order: Order }) {
  const t = useTexts(orderTexts);
  const company = portal().company;
  const may = useMay('order_receipt');
  const isSettled = order.state === 'settled';
  const proven = useCall('order_receipt', { order: order.id }, { enabled: isSettled && may });
  const { settlement } = order;
  if (settlement === undefined) return <p className="f-none">{t('notSettled')}</p>;
  const receipt = proven.data?.receipt;
  return (
    <Facts
      facts={[
        [
          t('batch'),
          settlement.batch === undefined ? null : (
            <PathLink key="b" to={batchPath(`${company}-${settlement.batch}`)}>
              {settlement.batch}
            </PathLink>
          ),
        ],
        [t('block'), settlement.block === undefined ? null : <BlockLink key="n" number={settlement.block} />],
        [t('driverGot'), receipt === undefined ? null : <Amount key="d" value={receipt.driver_share} />],
        [t('held'), settlement.held],
        [
          t('receipt'),
          isSettled && settlement.batch !== undefined ? (
            <PathLink key="r" to={ridePath(`${company}-${settlement.batch}-${order.id}`)}>
              {order.id}
            </PathLink>
          ) : null,
        ],
      ]}
    />
  );
}

function PlacesMap({ order: { origin, destination } }: { order: Order }) {
  const t = useTexts(orderTexts);
  const { tiles } = portal();
  const datum = datumOf(tiles);
  const placed = (place: Place | undefined): LngLat | null =>
    place === undefined ? null : toMap([place.longitude, place.latitude], datum);
  const [from, to] = [placed(origin), placed(destination)];
  const bounds = boundsOf([from, to].filter((place) => place !== null));
  if (bounds === null) return null;
  return (
    <div className="f-small-map">
      <MapView label={t('mapOf')} tiles={tiles} initial={{ bounds }} embedded>
        <PointLayer pickup={from} destination={to} />
      </MapView>
    </div>
  );
}

import { SafetyCertificateOutlined } from '@ant-design/icons';
import { Alert, App, Button } from 'antd';
import { explain } from '../../../api/explain';
import { useCommand, useMay } from '../../../api/hooks';
import type { Cancellation, Order, Price } from '../../../api/methods';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { portal } from '../../../portal';
import { batchPath, ridePath } from '../../../route/paths';
import { Amount } from '../../../ui/Amount';
import { Facts } from '../../../ui/Facts';
import { Icon } from '../../../ui/Icon';
import { BlockLink, Hash } from '../../../ui/links';
import { PathLink } from '../../../ui/PathLink';
import { Time } from '../../../ui/Time';
import { DriverName, VehicleName } from '../parts/names';
import { texts as words } from '../texts';
import { placeName } from './places';
import { stateTexts } from './stateTexts';
import { texts } from './texts';

/** What was ordered, and who drives. */
export function OrderFacts({ order }: { order: Order }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const s = useTexts(stateTexts);
  const f = useFormat();
  const { offer, quote } = order;
  return (
    <Facts
      facts={[
        [t('made'), <Time key="made" at={order.created_at_ms} />],
        [t('booked'), order.pickup_at_ms === undefined ? null : <Time key="at" at={order.pickup_at_ms} />],
        [t('from'), placeName(order.origin)],
        [t('to'), placeName(order.destination)],
        [t('class'), order.class === undefined ? null : s(order.class)],
        [w('city'), String(order.city)],
        [
          t('rider'),
          order.rider === undefined ? null : (
            <span key="rider" className="code">
              {order.rider}
            </span>
          ),
        ],
        [w('driver'), offer === undefined ? null : <DriverName key="driver" id={offer.driver} />],
        [w('vehicle'), offer === undefined ? null : <VehicleName key="vehicle" id={offer.vehicle} />],
        [t('attempt'), offer === undefined ? null : t('attemptNumber', { number: offer.attempt })],
        [t('eta'), offer === undefined ? null : f.duration(offer.eta_s * 1000)],
        [t('quote'), quote?.price === undefined ? null : <Amount key="quote" value={quote.price.total} />],
        [t('cap'), quote === undefined ? null : <Amount key="cap" value={quote.cap} />],
        [t('validUntil'), quote === undefined ? null : <Time key="valid" at={quote.valid_until_ms} />],
        [t('ended'), order.ended_at_ms === undefined ? null : <Time key="ended" at={order.ended_at_ms} />],
        [t('ratings'), <Ratings key="ratings" order={order} />],
        [t('excluded'), <Excluded key="excluded" drivers={order.excluded ?? []} />],
      ]}
    />
  );
}

function Ratings({ order }: { order: Order }) {
  const t = useTexts(texts);
  const said = [
    order.rating_of_driver === undefined ? [] : [t('ratingOfDriver', { stars: order.rating_of_driver })],
    order.rating_of_rider === undefined ? [] : [t('ratingOfRider', { stars: order.rating_of_rider })],
  ].flat();
  return <>{said.length === 0 ? '—' : said.join(' · ')}</>;
}

function Excluded({ drivers }: { drivers: readonly number[] }) {
  if (drivers.length === 0) return <>—</>;
  return (
    <span className="o-row">
      {drivers.map((id) => (
        <DriverName key={id} id={id} />
      ))}
    </span>
  );
}

export function CancelledFacts({ of }: { of: Cancellation }) {
  const t = useTexts(texts);
  const s = useTexts(stateTexts);
  return (
    <Facts
      facts={[
        [t('by'), of.by === undefined ? null : s(of.by)],
        [t('fault'), of.fault === undefined ? null : s(of.fault)],
        [t('reason'), of.reason],
        [t('fee'), <Amount key="fee" value={of.fee} />],
      ]}
    />
  );
}

export function FareFacts({ of }: { of: Price }) {
  const t = useTexts(texts);
  const f = useFormat();
  return (
    <Facts
      facts={[
        [t('distance'), f.distance(of.distance_m)],
        [t('duration'), f.duration(of.duration_s * 1000)],
        [t('waited'), f.duration(of.waiting_s * 1000)],
        [t('surge'), `× ${f.decimal(of.surge_permille / 1000, 3)}`],
        [t('tariff'), String(of.tariff_version)],
        [t('fareAlone'), <Amount key="fare" value={of.fare} />],
        [t('tolls'), <Amount key="tolls" value={of.tolls} />],
        [t('total'), <Amount key="total" value={of.total} />],
      ]}
    />
  );
}

/** Where the chain has it, with the way to the receipt and its proof. */
export function SettlementFacts({ order }: { order: Order }) {
  const t = useTexts(texts);
  const at = order.settlement;
  if (at === undefined) return <p className="o-none">{t('notBatched')}</p>;
  if (at.held !== undefined) return <Held order={order.id} why={at.held} />;
  if (at.batch === undefined) return <p className="o-none">{t('notBatched')}</p>;
  if (at.block === undefined) return <p className="o-none">{t('onItsWay', { batch: at.batch })}</p>;
  const batch = `${portal().company}-${at.batch}`;
  const ride = `${batch}-${order.id}`;
  return (
    <div className="o-stack">
      <Facts
        facts={[
          [
            t('batch'),
            <PathLink key="batch" to={batchPath(batch)}>
              {at.batch}
            </PathLink>,
          ],
          [t('row'), at.row === undefined ? null : String(at.row)],
          [t('block'), <BlockLink key="block" number={at.block} />],
          [
            t('receiptsRoot'),
            at.receipts_root === undefined ? null : <Hash key="root" value={at.receipts_root} />,
          ],
        ]}
      />
      <span className="o-row">
        <PathLink to={ridePath(ride)} className="ant-btn-like">
          {t('receipt')}
        </PathLink>
        <PathLink to={`/explorer/verify?ride=${ride}`} className="ant-btn-like">
          <Icon of={SafetyCertificateOutlined} />
          &nbsp;{t('proof')}
        </PathLink>
      </span>
    </div>
  );
}

/** A ride that the chain refused, and what lets it go on. */
function Held({ order, why }: { order: string; why: string }) {
  const t = useTexts(texts);
  const { message } = App.useApp();
  const isAllowed = useMay('ops_release');
  const release = useCommand('ops_release', ['ops_order', 'ops_history']);
  const begin = () =>
    release.mutate(
      { order },
      {
        onSuccess: () => void message.success(t('released')),
        onError: (error) => void message.error(explain(error).title),
      },
    );
  return (
    <Alert
      type="error"
      showIcon
      title={t('held', { why })}
      description={t('heldRemedy')}
      action={
        isAllowed ? (
          <Button loading={release.isPending} onClick={begin}>
            {t('release')}
          </Button>
        ) : null
      }
    />
  );
}

import { Alert } from 'antd';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { type Driven, type FareLine, fareLines } from '../../../tariff/lines';
import { readTariff } from '../../../tariff/tariff';
import { Money } from '../detail/values';
import type { RideQuery } from '../graphql/graphql';
import { texts } from './texts';

type Ride = NonNullable<RideQuery['ride']>;

/** What was driven, where all of it is known. */
function drivenOf(ride: Ride): Driven | undefined {
  const { kind, pickup, distanceM, durationS, waitingS, surgePermille } = ride;
  if (pickup === null || distanceM === null || durationS === null || waitingS === null) return undefined;
  if (surgePermille === null || (kind !== 'Trip' && kind !== 'Cancelled')) return undefined;
  return {
    kind: kind === 'Trip' ? 'trip' : 'cancelled',
    pickup: Date.parse(pickup) / 1000,
    distanceM,
    durationS,
    waitingS,
    surgePermille,
  };
}

/** The lines of a receipt, computed from the tariff, and whether they lead to what was paid. */
export function FareTable({ ride }: { ride: Ride }) {
  const t = useTexts(texts);
  const f = useFormat();
  const said = useLineWords();
  const tariff = readTariff(ride.tariff?.tariff);
  const driven = drivenOf(ride);
  const made = tariff === undefined || driven === undefined ? undefined : fareLines(tariff.table, driven);
  const [fare, tolls] = [BigInt(ride.fare ?? '0'), BigInt(ride.tolls ?? '0')];
  return (
    <div className="x-stack">
      <table className="x-lines">
        <tbody>
          {made?.lines.map((line) => (
            <tr key={line.what}>
              <th scope="row">{said(line)}</th>
              <td>
                <Money units={line.amount} />
              </td>
            </tr>
          ))}
          <tr className="x-sum">
            <th scope="row">{t('fare')}</th>
            <td>
              <Money units={fare} />
            </td>
          </tr>
          <tr>
            <th scope="row">{t('tolls')}</th>
            <td>
              <Money units={tolls} />
            </td>
          </tr>
          <tr className="x-sum x-total">
            <th scope="row">{t('total')}</th>
            <td>
              <Money units={fare + tolls} />
            </td>
          </tr>
        </tbody>
      </table>
      {made === undefined ? (
        <Alert type="info" title={t('noTariff')} />
      ) : made.fare === fare ? (
        <Alert type="success" showIcon title={t('recomputed')} />
      ) : (
        <Alert type="error" showIcon title={t('differs', { amount: f.money(made.fare) })} />
      )}
    </div>
  );
}

function useLineWords(): (line: FareLine) => string {
  const t = useTexts(texts);
  const f = useFormat();
  return ({ what, of = 0, rate = 0n }) => {
    switch (what) {
      case 'base':
        return t('base', { distance: f.distance(of) });
      case 'distance':
        return t('distanceLine', { distance: f.distance(of), rate: f.money(rate) });
      case 'time':
        return t('timeLine', { time: f.duration(of * 1000), rate: f.money(rate) });
      case 'waiting':
        return t('waitingLine', { time: f.duration(of * 1000), rate: f.money(rate) });
      case 'surge':
        return t('surgeLine', { times: f.decimal(of / 1000, 3) });
      case 'surcharge':
        return t('surchargeLine', { share: f.share(of / 1000) });
      case 'cancellation':
      case 'minimum':
      case 'rounding':
        return t(what);
    }
  };
}

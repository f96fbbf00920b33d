import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { type FareTable, unitsPerFen, type Window } from '../../../tariff/tariff';
import { clockOf, daysOf, offsetOf } from '../../../tariff/windows';
import { Money } from '../detail/values';
import { texts } from './texts';

/** What a ride costs, as a list of prices. */
export function Fares({ table }: { table: FareTable }) {
  const t = useTexts(texts);
  const f = useFormat();
  const seconds = (value: number) => f.duration(value * 1000);
  const lines: readonly (readonly [string, bigint, string?])[] = [
    [t('base'), table.base, t('baseCovers', { distance: f.distance(table.includedM) })],
    [t('perKm'), table.perKm],
    [t('perMinute'), table.perMinute],
    [t('waiting'), table.perWaitingMinute, t('waitingFree', { time: seconds(table.freeWaitingS) })],
    [t('minimum'), table.minimum],
    [t('cancellation'), table.cancellation],
    [t('rounding'), table.rounding],
  ];
  return (
    <table className="x-lines">
      <tbody>
        {lines.map(([name, amount, note]) => (
          <tr key={name}>
            <th scope="row">
              {name}
              {note === undefined ? null : <div className="x-quiet">{note}</div>}
            </th>
            <td>
              <Money units={amount} />
            </td>
          </tr>
        ))}
        <tr>
          <th scope="row">{t('surge')}</th>
          <td className="numbers">× {f.decimal(table.maxSurgePermille / 1000, 3)}</td>
        </tr>
        <tr>
          <th scope="row">
            {t('limits')}
            <div className="x-quiet">
              {t('limitsText', {
                distance: f.distance(table.maxDistanceM),
                time: seconds(table.maxDurationS),
                waiting: seconds(table.maxWaitingS),
                tolls: f.money(BigInt(table.maxTollsFen) * unitsPerFen),
              })}
            </div>
          </th>
          <td />
        </tr>
      </tbody>
    </table>
  );
}

/** When rides cost more. */
export function Windows({ table }: { table: FareTable }) {
  const t = useTexts(texts);
  const f = useFormat();
  if (table.windows.length === 0) return <p className="x-quiet">{t('windowsNone')}</p>;
  const hours = ({ fromMinute, untilMinute }: Window) => {
    const next = untilMinute <= fromMinute ? ` ${t('nextDay')}` : '';
    return `${clockOf(fromMinute)}–${clockOf(untilMinute)}${next}`;
  };
  return (
    <>
      <table className="x-lines">
        <thead>
          <tr>
            <th scope="col">{t('days')}</th>
            <th scope="col">{t('hours')}</th>
            <td>{t('surcharge')}</td>
          </tr>
        </thead>
        <tbody>
          {table.windows.map((window) => (
            <tr key={`${window.days} ${window.fromMinute} ${window.untilMinute}`}>
              <td className="x-start">
                <DaysSaid bits={window.days} />
              </td>
              <td className="x-start numbers">{hours(window)}</td>
              <td className="numbers">+{f.share(window.surchargePermille / 1000)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="x-quiet x-below">{t('localTime', { offset: offsetOf(table.utcOffsetMinutes) })}</p>
    </>
  );
}

function DaysSaid({ bits }: { bits: number }) {
  const t = useTexts(texts);
  const days = daysOf(bits);
  return <>{typeof days === 'string' ? t(days) : days.map((day) => t(day)).join(' ')}</>;
}

import type { ReactNode } from 'react';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import type { FareTable, SplitPolicy, Tariff, Window } from '../../../tariff/tariff';
import { clockOf, offsetOf, weekdays } from '../../../tariff/windows';
import { Amount } from '../../../ui/Amount';
import { Section } from '../parts/Section';
import { texts } from './texts';
import { useCompanies } from './useCompanies';

/** A tariff as people read it: prices, surcharges, shares. */
export function TariffShown({ of }: { of: Tariff }) {
  const t = useTexts(texts);
  return (
    <div className="o-columns">
      <Section title={t('fares')}>
        <Fares of={of.table} />
      </Section>
      <div className="o-stack">
        <Section title={t('windows')}>
          <Windows of={of.table} />
        </Section>
        <Section title={t('shares')}>
          <Shares of={of.split} />
        </Section>
      </div>
    </div>
  );
}

function Line(props: { name: string; note?: string; children: ReactNode }) {
  return (
    <tr>
      <th scope="row">
        {props.name}
        {props.note === undefined ? null : <div className="o-note">{props.note}</div>}
      </th>
      <td>{props.children}</td>
    </tr>
  );
}

function Fares({ of }: { of: FareTable }) {
  const t = useTexts(texts);
  const f = useFormat();
  const seconds = (value: number) => f.duration(value * 1000);
  return (
    <table className="o-lines">
      <tbody>
        <Line name={t('base')} note={t('baseCovers', { distance: f.distance(of.includedM) })}>
          <Amount value={of.base} />
        </Line>
        <Line name={t('perKm')}>
          <Amount value={of.perKm} />
        </Line>
        <Line name={t('perMinute')}>
          <Amount value={of.perMinute} />
        </Line>
        <Line name={t('perWaitingMinute')} note={t('waitingFree', { time: seconds(of.freeWaitingS) })}>
          <Amount value={of.perWaitingMinute} />
        </Line>
        <Line name={t('minimum')}>
          <Amount value={of.minimum} />
        </Line>
        <Line name={t('cancellation')}>
          <Amount value={of.cancellation} />
        </Line>
        <Line name={t('rounding')}>
          <Amount value={of.rounding} />
        </Line>
        <Line name={t('maxSurge')}>× {f.decimal(of.maxSurgePermille / 1000, 3)}</Line>
        <Line
          name={t('limits')}
          note={t('limitsText', {
            distance: f.distance(of.maxDistanceM),
            time: seconds(of.maxDurationS),
            waiting: seconds(of.maxWaitingS),
            tolls: f.money(BigInt(of.maxTollsFen) * 10_000n),
          })}
        >
          {null}
        </Line>
      </tbody>
    </table>
  );
}

function Windows({ of }: { of: FareTable }) {
  const t = useTexts(texts);
  const f = useFormat();
  if (of.windows.length === 0) return <p className="o-none">{t('windowsNone')}</p>;
  const hours = ({ fromMinute, untilMinute }: Window) =>
    `${clockOf(fromMinute)}–${clockOf(untilMinute)}${untilMinute < fromMinute ? ` ${t('nextDay')}` : ''}`;
  const days = (bits: number) =>
    bits === 0b111_1111
      ? t('everyDay')
      : weekdays
          .filter((_, day) => ((bits >> day) & 1) === 1)
          .map((day) => t(day))
          .join(' ');
  return (
    <>
      <table className="o-lines">
        <tbody>
          {of.windows.map((window) => (
            <Line
              key={`${window.days} ${window.fromMinute} ${window.untilMinute}`}
              name={hours(window)}
              note={days(window.days)}
            >
              +{f.share(window.surchargePermille / 1000)}
            </Line>
          ))}
        </tbody>
      </table>
      <p className="o-note">{t('clock', { offset: offsetOf(of.utcOffsetMinutes) })}</p>
    </>
  );
}

function Shares({ of }: { of: SplitPolicy }) {
  const t = useTexts(texts);
  const f = useFormat();
  const companies = useCompanies();
  return (
    <>
      <table className="o-lines">
        <tbody>
          <Line name={t('driver')}>{f.basisPoints(of.driverPpm / 100)}</Line>
          <Line name={t('platform')}>{f.basisPoints(of.platformPpm / 100)}</Line>
          {of.thirdParties.map(({ company, ppm }) => (
            <Line key={company} name={companies.name(company)}>
              {f.basisPoints(ppm / 100)}
            </Line>
          ))}
        </tbody>
      </table>
      <p className="o-note">{t('tollsNote')}</p>
    </>
  );
}

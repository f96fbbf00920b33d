import { Alert } from 'antd';
import { useMay } from '../../../api/hooks';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Answered, Empty } from '../../../ui/answers';
import { Facts } from '../../../ui/Facts';
import { StateTag, type Tone } from '../../../ui/StateTag';
import { Section } from '../parts/Section';
import { Bars } from './Bars';
import { countNow, energies, type Look, looks, type Now } from './counts';
import { texts } from './texts';
import { most, useFigures, useOpenAlerts, useStates } from './useTelemetry';

const tones: Readonly<Record<Look, Tone>> = { moving: 'good', idle: 'busy', alert: 'bad', offline: 'plain' };

/** What the company's vehicles do now, for who may see what they report. */
export function NowSection() {
  const t = useTexts(texts);
  const may = useMay('telemetry_vehicles');
  const query = useStates();
  const alerts = useOpenAlerts().data?.alerts ?? [];
  return (
    <Section title={t('now')}>
      {may ? (
        <Answered
          query={query}
          isEmpty={({ states }) => states.length === 0}
          empty={<Empty text={t('noneKnown')} />}
          rows={5}
        >
          {({ states, known }) => (
            <Counted now={countNow(states, alerts)} counted={states.length} known={known} />
          )}
        </Answered>
      ) : (
        <p className="o-none">{t('onlyRole')}</p>
      )}
    </Section>
  );
}

function Counted(props: { now: Now; counted: number; known: number }) {
  const t = useTexts(texts);
  const f = useFormat();
  const { now, counted, known } = props;
  return (
    <div className="o-stack">
      <p className="o-none">{t('nowLead', { known: f.count(known), online: f.count(now.online) })}</p>
      {counted < most ? null : <Alert type="info" showIcon title={t('tooMany', { count: f.count(most) })} />}
      <div className="o-columns">
        <Bars
          of={looks.map((look) => [
            look,
            <StateTag key={look} tone={tones[look]} text={t(look)} />,
            now.looks[look],
          ])}
        />
        <div className="o-stack o-tight">
          <h3 className="o-heading">{t('energy')}</h3>
          <Bars of={energies.map((energy) => [energy, t(energy), now.energies[energy]])} />
          <p className="o-note">{t('energyLead')}</p>
        </div>
      </div>
      <Behind />
    </div>
  );
}

/** How far what is shown here is behind what vehicles report. */
function Behind() {
  const t = useTexts(texts);
  const f = useFormat();
  const figures = useFigures();
  if (figures === undefined) return null;
  const { delay_ms: delay, trouble, unanalysed } = figures;
  return (
    <>
      {trouble == null ? null : (
        <Alert
          type="warning"
          showIcon
          title={t('trouble', { time: f.time(trouble.since_ms), reason: trouble.reason })}
        />
      )}
      <Facts
        facts={[
          [t('delay'), t('delayOf', { p50: f.count(delay.p50), p99: f.count(delay.p99) })],
          [t('behind'), f.count(unanalysed)],
        ]}
      />
    </>
  );
}

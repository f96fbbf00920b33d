import { Table } from 'antd';
import { useCall, useMay } from '../../../api/hooks';
import type { Alert, Severity } from '../../../api/methods';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Answered } from '../../../ui/answers';
import { StateTag, type Tone } from '../../../ui/StateTag';
import { Ago } from '../../../ui/Time';
import { VehicleName } from '../parts/names';
import { Section } from '../parts/Section';
import { texts as words } from '../texts';
import { alertTexts } from './alertTexts';
import { texts } from './texts';

/** One page of the api: who has more open alerts than this counts them elsewhere. */
const most = 200;

const severities: ReadonlyArray<readonly [Severity, Tone]> = [
  ['critical', 'bad'],
  ['warning', 'warn'],
  ['info', 'plain'],
];

/** Alerts that nobody has closed, counted by how urgent they are, and the newest. */
export function Alerts() {
  const t = useTexts(texts);
  const isAllowed = useMay('telemetry_alerts');
  const query = useCall(
    'telemetry_alerts',
    { states: ['open', 'acknowledged'], limit: most },
    { refetchInterval: 15_000, enabled: isAllowed },
  );
  if (!isAllowed) return null;
  return (
    <Section title={t('alerts')}>
      <Answered
        query={query}
        isEmpty={({ alerts }) => alerts.length === 0}
        empty={<p className="o-none">{t('alertsNone')}</p>}
      >
        {({ alerts, next }) => (
          <div className="o-stack o-tight">
            <Counts alerts={alerts} isMore={next !== undefined} />
            <Newest alerts={alerts.slice(0, 5)} />
          </div>
        )}
      </Answered>
    </Section>
  );
}

function Counts({ alerts, isMore }: { alerts: readonly Alert[]; isMore: boolean }) {
  const t = useTexts(texts);
  const a = useTexts(alertTexts);
  const f = useFormat();
  return (
    <div className="o-row">
      {severities.map(([severity, tone]) => {
        const count = alerts.filter((alert) => alert.severity === severity).length;
        return <StateTag key={severity} tone={tone} text={`${a(severity)} ${f.count(count)}`} />;
      })}
      {isMore ? <span className="o-quiet">{t('alertsMore', { count: f.count(most) })}</span> : null}
    </div>
  );
}

function Newest({ alerts }: { alerts: readonly Alert[] }) {
  const a = useTexts(alertTexts);
  const w = useTexts(words);
  const toneOf = new Map(severities);
  return (
    <Table<Alert>
      size="small"
      aria-label={a('newest')}
      rowKey="id"
      pagination={false}
      scroll={{ x: 'max-content' }}
      dataSource={[...alerts]}
      columns={[
        { title: w('vehicle'), render: (_, { vehicle }) => <VehicleName id={vehicle} /> },
        {
          title: a('severity'),
          render: (_, { severity = 'info' }) => (
            <StateTag tone={toneOf.get(severity) ?? 'plain'} text={a(severity)} />
          ),
        },
        { title: a('began'), render: (_, { opened_ms }) => <Ago at={opened_ms} /> },
      ]}
    />
  );
}

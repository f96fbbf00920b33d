import { Collapse, Table } from 'antd';
import type { Candidate, Decision } from '../../../api/methods';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { StateTag, type Tone } from '../../../ui/StateTag';
import { Time } from '../../../ui/Time';
import { DriverName } from '../parts/names';
import { texts as words } from '../texts';
import { BindingSaid } from './BindingSaid';
import { CostChart } from './CostChart';
import { explainTexts } from './explainTexts';

const tones: Readonly<Record<NonNullable<Decision['outcome']>, Tone>> = {
  offered: 'good',
  held: 'busy',
  outbid: 'warn',
  nobody: 'bad',
  stale: 'plain',
};

/** Every decision of the dispatcher about an order: who was weighed, at which cost, and why nobody else. */
export function Explanations({ decisions }: { decisions: readonly Decision[] }) {
  const t = useTexts(explainTexts);
  const newest = decisions.at(-1);
  if (newest === undefined) return <p className="o-none">{t('none')}</p>;
  return (
    <div className="o-stack o-tight">
      <p className="o-note">{t('lead')}</p>
      <Collapse
        defaultActiveKey={[keyOf(newest)]}
        items={[...decisions].reverse().map((decision) => ({
          key: keyOf(decision),
          label: <Heading of={decision} />,
          children: <Weighed of={decision} />,
        }))}
      />
    </div>
  );
}

function keyOf({ tick, at_ms }: Decision): string {
  return `${tick}-${at_ms}`;
}

function Heading({ of }: { of: Decision }) {
  const t = useTexts(explainTexts);
  const w = useTexts(words);
  return (
    <span className="o-row">
      <Time at={of.at_ms} />
      {of.outcome === undefined ? null : <StateTag tone={tones[of.outcome]} text={t(of.outcome)} />}
      {of.driver === undefined ? null : <span>{w('driverNumber', { id: of.driver })}</span>}
    </span>
  );
}

function Weighed({ of }: { of: Decision }) {
  const t = useTexts(explainTexts);
  const f = useFormat();
  // Who was not weighed has no parts: what stood against her is known, a cost is not.
  const weighed = of.candidates.filter(({ parts }) => parts.length > 0);
  const others = of.candidates.filter(({ parts }) => parts.length === 0);
  return (
    <div className="o-stack">
      <p className="o-none">
        {t('tick', {
          tick: of.tick,
          orders: f.count(of.orders_in_tick),
          drivers: f.count(of.drivers_in_tick),
          rings: of.rings,
        })}
      </p>
      {weighed.length === 0 ? (
        <p className="o-none">{t('noneWeighed')}</p>
      ) : (
        <>
          <CostChart candidates={weighed} chosen={of.driver} />
          <Candidates candidates={weighed} chosen={of.driver} label={t('weighed')} withCost />
        </>
      )}
      {others.length === 0 ? null : (
        <>
          <h3 className="o-heading">{t('others')}</h3>
          <Candidates candidates={others} chosen={of.driver} label={t('others')} withCost={false} />
        </>
      )}
    </div>
  );
}

function Candidates(props: {
  candidates: readonly Candidate[];
  chosen: number | undefined;
  label: string;
  withCost: boolean;
}) {
  const t = useTexts(explainTexts);
  const w = useTexts(words);
  const f = useFormat();
  const seconds = (thousandths: number) => t('seconds', { count: f.decimal(thousandths / 1000, 1) });
  return (
    <Table<Candidate>
      size="small"
      aria-label={props.label}
      rowKey="driver"
      pagination={props.candidates.length > 10 ? { pageSize: 10, size: 'small' } : false}
      scroll={{ x: 'max-content' }}
      dataSource={[...props.candidates]}
      columns={[
        { title: w('driver'), render: (_, { driver }) => <DriverName id={driver} /> },
        { title: t('distance'), align: 'right', render: (_, row) => f.distance(row.distance_m) },
        ...(props.withCost
          ? [
              {
                title: t('eta'),
                align: 'right' as const,
                render: (_: unknown, row: Candidate) => f.duration(row.eta_s * 1000),
              },
              {
                title: t('cost'),
                align: 'right' as const,
                render: (_: unknown, row: Candidate) => <span className="numbers">{seconds(row.cost)}</span>,
              },
            ]
          : []),
        {
          title: t('why'),
          render: (_, row) =>
            row.binding === undefined && row.driver === props.chosen ? (
              <StateTag tone="good" text={t('chosen')} />
            ) : (
              <BindingSaid text={row.binding} />
            ),
        },
      ]}
    />
  );
}

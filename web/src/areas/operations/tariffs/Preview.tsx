import { Alert, Input, Segmented, Table } from 'antd';
import { lazy, Suspense, useMemo, useState } from 'react';
import { plottedYuan } from '../../../format/money';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { portal } from '../../../portal';
import type { RideFault } from '../../../tariff/fare';
import { readTariff, type Tariff } from '../../../tariff/tariff';
import { Amount } from '../../../ui/Amount';
import { Answered, Empty, Loading } from '../../../ui/answers';
import { Figure, Figures } from '../../../ui/Figure';
import { useNow } from '../../../ui/useNow';
import { midnight } from '../cockpit/income';
import { OrderName } from '../parts/names';
import { Section } from '../parts/Section';
import { type Change, type ChangedRide, distanceBands, type Preview, previewOf, recomputed } from './preview';
import { previewTexts } from './previewTexts';
import { tariffsQuery } from './queries';
import { type Rides, useRides } from './useRides';

const Chart = lazy(async () => ({ default: (await import('../../../ui/Chart')).Chart }));

type Span = 'yesterday' | 'today' | 'week' | 'day';

/** What the rides of a day would have cost by this tariff. */
export function PreviewSection({ tariff, city }: { tariff: Tariff; city: number }) {
  const t = useTexts(previewTexts);
  const [span, setSpan] = useState<Span>('yesterday');
  const now = useNow(60_000);
  const [day, setDay] = useState(() => dayText(midnight(now, 1)));
  const [from, until] = spanOf(span, day, now);
  const query = useRides(city, from, until);
  const words = (['yesterday', 'today', 'week', 'day'] as const).map((value) => ({ value, label: t(value) }));
  return (
    <Section title={t('title')}>
      <div className="o-stack">
        <p className="o-none">{t('lead')}</p>
        <div className="o-row">
          <span>{t('span')}</span>
          <Segmented<Span> value={span} onChange={setSpan} options={words} />
          {span === 'day' ? (
            <Input
              type="date"
              aria-label={t('chosenDay')}
              style={{ width: 160 }}
              value={day}
              max={dayText(now)}
              onChange={({ target }) => {
                if (/^\d{4}-\d{2}-\d{2}$/.test(target.value)) setDay(target.value);
              }}
            />
          ) : null}
        </div>
        <Answered
          query={query}
          rows={6}
          isEmpty={({ rides }) => rides.length === 0}
          empty={<Empty text={t('none')} />}
        >
          {(rides) => <Computed rides={rides} tariff={tariff} />}
        </Answered>
      </div>
    </Section>
  );
}

function dayText(ms: number): string {
  const at = new Date(ms);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** From and until when, by the clock of the place. */
function spanOf(span: Span, day: string, now: number): readonly [number, number] {
  const tomorrow = midnight(now, -1);
  switch (span) {
    case 'yesterday':
      return [midnight(now, 1), midnight(now)];
    case 'today':
      return [midnight(now), tomorrow];
    case 'week':
      return [midnight(now, 6), tomorrow];
    case 'day': {
      const begin = new Date(`${day}T00:00:00`).getTime();
      return [begin, midnight(begin, -1)];
    }
  }
}

function Computed({ rides, tariff }: { rides: Rides; tariff: Tariff }) {
  const t = useTexts(previewTexts);
  const f = useFormat();
  const preview = useMemo(() => previewOf(rides.rides, tariff), [rides, tariff]);
  const faults: ReadonlyArray<readonly [RideFault, number]> = [...preview.refused];
  const refused = faults.reduce((sum, [, count]) => sum + count, 0);
  return (
    <div className="o-stack">
      <Checked rides={rides} />
      {rides.isCut ? (
        <Alert type="warning" showIcon title={t('cut', { count: f.count(rides.rides.length) })} />
      ) : null}
      {refused === 0 ? null : (
        <Alert
          type="warning"
          showIcon
          title={t('refused', {
            count: refused,
            faults: faults.map(([fault, count]) => `${t(fault)} ${f.count(count)}`).join(' · '),
          })}
        />
      )}
      <Sums of={preview} />
      <div className="o-columns">
        <ByHour of={preview} />
        <ByDistance of={preview} />
      </div>
      <Most of={preview.most} />
    </div>
  );
}

/** Whether the computation gives what the chain settled, when the tariff is the one of then. */
function Checked({ rides }: { rides: Rides }) {
  const t = useTexts(previewTexts);
  const f = useFormat();
  const query = useAsk(tariffsQuery, { company: portal().company }, { staleTime: 60_000 });
  const equal = useMemo(() => {
    if (query.data === undefined) return undefined;
    const tariffs = new Map(query.data.tariffs.map(({ id, tariff }) => [id, readTariff(tariff)]));
    return recomputed(rides.rides, (id) => tariffs.get(rides.tariffOf.get(id) ?? ''));
  }, [query.data, rides]);
  if (equal === undefined) return null;
  const counts = { count: f.count(rides.rides.length), equal: f.count(equal) };
  return equal === rides.rides.length ? (
    <Alert type="success" showIcon title={t('checked', counts)} />
  ) : (
    <Alert type="error" showIcon title={t('checkedNot', counts)} />
  );
}

function Sums({ of }: { of: Preview }) {
  const t = useTexts(previewTexts);
  const f = useFormat();
  const sums: ReadonlyArray<readonly [string, Change]> = [
    [t('fares'), of.fares],
    [t('drivers'), of.drivers],
    [t('platform'), of.platform],
    [t('thirdParties'), of.thirdParties],
  ];
  return (
    <>
      <Figures>
        <Figure name={t('rides')} value={f.count(of.rides)} />
        <Figure name={t('dearer')} value={f.count(of.dearer)} />
        <Figure name={t('cheaper')} value={f.count(of.cheaper)} />
        <Figure name={t('same')} value={f.count(of.rides - of.dearer - of.cheaper)} />
      </Figures>
      <Figures>
        {sums.map(([name, change]) => (
          <Figure
            key={name}
            name={name}
            value={<Amount value={change.after} fen />}
            hint={
              <>
                {t('before')} <Amount value={change.before} fen /> · <Difference of={change} />
              </>
            }
          />
        ))}
      </Figures>
    </>
  );
}

/** How much more or less, with its share of what was before. */
function Difference({ of }: { of: Change }) {
  const f = useFormat();
  const by = of.after - of.before;
  // Ten thousandths as an integer: a share of money is shown, never computed with.
  const share = of.before === 0n ? null : Number((by * 10_000n) / of.before);
  return (
    <span className={by > 0n ? 'o-more' : by < 0n ? 'o-less' : 'o-quiet'}>
      <Amount value={by} fen plus />
      {share === null || share === 0 ? null : ` (${share > 0 ? '+' : ''}${f.basisPoints(share)})`}
    </span>
  );
}

function ByHour({ of }: { of: Preview }) {
  const t = useTexts(previewTexts);
  const f = useFormat();
  const option = useMemo(() => {
    const changes = of.byHour.map(({ fares }) => fares.after - fares.before);
    return {
      grid: { left: 8, right: 8, top: 16, bottom: 4, containLabel: true },
      tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' } },
      xAxis: { type: 'category', data: of.byHour.map((_, hour) => `${String(hour).padStart(2, '0')}:00`) },
      yAxis: { type: 'value', axisLabel: { formatter: (yuan: number) => f.compactCount(yuan) } },
      series: [
        {
          name: t('change'),
          type: 'bar',
          barMaxWidth: 20,
          data: changes.map((change) => plottedYuan(change)),
          tooltip: { valueFormatter: (_: unknown, at: number) => f.money(changes[at] ?? 0n, { plus: true }) },
        },
      ],
    };
  }, [of, t, f]);
  return (
    <div>
      <p className="o-note">{t('byHour')}</p>
      <Suspense fallback={<Loading rows={6} />}>
        <Chart option={option} label={t('byHour')} height={240} />
      </Suspense>
    </div>
  );
}

function ByDistance({ of }: { of: Preview }) {
  const t = useTexts(previewTexts);
  const f = useFormat();
  const name = (band: number) => {
    const end = distanceBands[band];
    return end === undefined
      ? t('above', { distance: f.distance(distanceBands.at(-1) ?? 0) })
      : t('upTo', { distance: f.distance(end) });
  };
  return (
    <Table
      size="small"
      aria-label={t('byDistance')}
      rowKey="band"
      pagination={false}
      scroll={{ x: 'max-content' }}
      dataSource={of.byDistance.map((row, band) => ({ ...row, band })).filter(({ rides }) => rides > 0)}
      columns={[
        { title: t('byDistance'), render: (_, { band }) => name(band) },
        { title: t('rides'), align: 'right', render: (_, { rides }) => f.count(rides) },
        { title: t('before'), align: 'right', render: (_, { fares }) => <Amount value={fares.before} fen /> },
        { title: t('after'), align: 'right', render: (_, { fares }) => <Amount value={fares.after} fen /> },
        { title: t('change'), align: 'right', render: (_, { fares }) => <Difference of={fares} /> },
      ]}
    />
  );
}

function Most({ of }: { of: readonly ChangedRide[] }) {
  const t = useTexts(previewTexts);
  const f = useFormat();
  if (of.length === 0) return <p className="o-none">{t('mostNone')}</p>;
  return (
    <div>
      <h3 className="o-heading">{t('most')}</h3>
      <Table<ChangedRide>
        size="small"
        aria-label={t('most')}
        rowKey="id"
        pagination={false}
        scroll={{ x: 'max-content' }}
        dataSource={[...of]}
        columns={[
          { title: t('order'), render: (_, { order }) => <OrderName id={order} /> },
          { title: t('distance'), align: 'right', render: (_, { distanceM }) => f.distance(distanceM) },
          { title: t('before'), align: 'right', render: (_, { fares }) => <Amount value={fares.before} /> },
          { title: t('after'), align: 'right', render: (_, { fares }) => <Amount value={fares.after} /> },
          { title: t('change'), align: 'right', render: (_, { fares }) => <Difference of={fares} /> },
        ]}
      />
    </div>
  );
}

import { lazy, Suspense, useMemo } from 'react';
import { plottedYuan } from '../../../format/money';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { Answered, Empty, Loading } from '../../../ui/answers';
import { Facts } from '../../../ui/Facts';
import { Figure, Figures } from '../../../ui/Figure';
import { MemberUntil } from '../../../ui/Standing';
import { MoneyFigure } from '../detail/MoneyFigure';
import { Split } from '../detail/Split';
import { useStateWord, Word } from '../detail/State';
import { AccountLink, BlockLink, Hash, Money, When } from '../detail/values';
import type { CompanyQuery } from '../graphql/graphql';
import { filled, span } from '../overview/series';
import { texts as words } from '../texts';
import { companyDaysQuery } from './queries';
import { texts } from './texts';

const Chart = lazy(async () => ({ default: (await import('../../../ui/Chart')).Chart }));

type Company = NonNullable<CompanyQuery['company']>;

/** What a company is, and what it did. */
export function CompanyOverview(props: { company: Company; answer: CompanyQuery; isNow: boolean }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const f = useFormat();
  const { company, answer } = props;
  const [batches] = answer.batches;
  const [received] = answer.received;
  const [anchors] = answer.anchors;
  return (
    <div className="x-stack">
      <Figures>
        <Figure name={w('rides')} value={f.count(batches?.sum.rideCount ?? '0')} />
        <MoneyFigure name={t('settled')} units={batches?.sum.gross ?? '0'} />
        <MoneyFigure
          name={t('received')}
          units={received?.sum.amount ?? '0'}
          hint={t('receivedNote', { count: Number(received?.count ?? 0) })}
        />
        <Figure name={t('records')} value={f.count(anchors?.sum.count ?? '0')} />
      </Figures>
      <div className="x-columns">
        <CompanyFacts company={company} answer={answer} />
        {batches === undefined || batches.sum.gross === '0' ? null : (
          <div>
            <h3 className="x-heading">{t('split')}</h3>
            <Split
              label={t('split')}
              of={[
                { name: w('driversShare'), amount: BigInt(batches.sum.drivers ?? '0') },
                { name: w('platformShare'), amount: BigInt(batches.sum.platform ?? '0') },
                { name: w('thirdPartyShare'), amount: BigInt(batches.sum.thirdParties ?? '0') },
              ]}
            />
          </div>
        )}
      </div>
      {props.isNow ? <Days company={Number(company.id)} /> : null}
    </div>
  );
}

function CompanyFacts({ company, answer }: { company: Company; answer: CompanyQuery }) {
  const t = useTexts(texts);
  const word = useStateWord();
  const f = useFormat();
  const parts = (kind: 'vehicle' | 'driver', of: readonly { status: string | null; count: string }[]) =>
    of.length === 0
      ? '0'
      : of.map(({ status, count }) => `${word(kind, status ?? '—')} ${f.count(count)}`).join(' · ');
  const isGenesis = company.registered === null || Date.parse(company.registered) === 0;
  return (
    <Facts
      facts={[
        [t('kind'), <Word key="kind" of="CompanyKind" is={company.kind} />],
        [t('registered'), isGenesis ? t('fromGenesis') : <When key="since" at={company.registered} />],
        [t('until'), <MemberUntil key="until" until={company.until} />],
        [t('reason'), company.reason === null ? null : <Hash key="reason" of={company.reason} whole />],
        [
          t('seat'),
          company.seat === null ? t('noSeat') : <AccountLink key="seat" account={company.seat} whole />,
        ],
        [t('treasury'), <AccountLink key="treasury" account={company.treasury} whole />],
        [t('funded'), <Money key="funded" units={company.funded} />],
        [t('released'), <Money key="released" units={company.released} />],
        [t('vehiclesByStatus'), parts('vehicle', answer.vehicles)],
        [t('driversByStatus'), parts('driver', answer.seats)],
        [t('losses'), <Losses key="losses" of={answer.lost.nodes} />],
      ]}
    />
  );
}

function Losses({ of }: { of: CompanyQuery['lost']['nodes'] }) {
  const t = useTexts(texts);
  if (of.length === 0) return <span className="x-quiet">{t('lossesNone')}</span>;
  return (
    <ul className="x-plain">
      {of.map((loss) => (
        <li key={loss.id} className="x-row">
          {t('lossLine', {
            from: loss.from ?? '',
            until: loss.next === null ? '' : String(BigInt(loss.next) - 1n),
          })}
          <BlockLink number={loss.blockNumber} />
        </li>
      ))}
    </ul>
  );
}

function Days({ company }: { company: number }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const f = useFormat();
  const days = useMemo(() => span('day', 30, Date.now()), []);
  const query = useAsk(companyDaysQuery, { company, since: days.since });
  return (
    <Answered query={query} rows={5}>
      {({ batchesAggregate }) => {
        if (batchesAggregate.length === 0) return <Empty text={t('nothingSettled')} />;
        const rows = filled(days.times, batchesAggregate);
        const bars = (name: string, of: 'drivers' | 'platform' | 'thirdParties') => ({
          name,
          type: 'bar',
          stack: 'split',
          barMaxWidth: 24,
          data: rows.map((row) => plottedYuan(BigInt(row?.sum[of] ?? '0'))),
        });
        const option = {
          grid: { left: 8, right: 8, top: 40, bottom: 4, containLabel: true },
          legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 12 },
          tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' } },
          xAxis: { type: 'category', data: days.times.map((time) => f.date(time).slice(5)) },
          yAxis: { type: 'value', axisLabel: { formatter: (yuan: number) => f.compactCount(yuan) } },
          series: [
            bars(w('driversShare'), 'drivers'),
            bars(w('platformShare'), 'platform'),
            bars(w('thirdPartyShare'), 'thirdParties'),
          ],
        };
        return (
          <figure className="x-figure">
            <figcaption>{t('daysChart')}</figcaption>
            <Suspense fallback={<Loading rows={5} />}>
              <Chart option={option} label={t('daysChart')} />
            </Suspense>
          </figure>
        );
      }}
    </Answered>
  );
}

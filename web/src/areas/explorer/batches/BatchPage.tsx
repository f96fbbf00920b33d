import { getRouteApi } from '@tanstack/react-router';
import { Alert, Card } from 'antd';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { Answered } from '../../../ui/answers';
import { Facts } from '../../../ui/Facts';
import { Figure, Figures } from '../../../ui/Figure';
import { Page } from '../../../ui/Page';
import { MoneyFigure } from '../detail/MoneyFigure';
import { NotThere } from '../detail/NotThere';
import { Section } from '../detail/Section';
import { Split } from '../detail/Split';
import { useNames } from '../detail/useNames';
import { BlockLink, CompanyLink, ExtrinsicLink, Hash, Named, When } from '../detail/values';
import type { BatchQuery } from '../graphql/graphql';
import { ConnectionTable } from '../list/ConnectionTable';
import { pageAt, windowOf } from '../list/paging';
import { useTurn } from '../list/useTurn';
import { useRideColumns } from '../rides/columns';
import { ridesQuery } from '../rides/queries';
import { texts as words } from '../texts';
import { batchQuery } from './queries';
import { addUp } from './sums';
import { texts } from './texts';

type Found = NonNullable<BatchQuery['batch']>;

const route = getRouteApi('/explorer/batches/$batch');

export function BatchPage() {
  const t = useTexts(texts);
  const w = useTexts(words);
  const { batch: id } = route.useParams();
  const [company = '', number = ''] = id.split('-');
  const isId = /^\d{1,10}-\d{1,20}$/.test(id);
  const names = useNames();
  const variables = { id, company: Number(company), number: isId ? number : '0' };
  const query = useAsk(batchQuery, variables, { enabled: isId });
  if (!isId) return <NotThere what={`${w('batch')} ${id}`} newest={undefined} />;
  return (
    <Answered query={query} rows={8}>
      {({ batch, shares, counted }) =>
        batch === null ? (
          <NotThere what={`${w('batch')} ${id}`} newest={undefined} />
        ) : (
          <Page
            title={t('one', { number: batch.number ?? '', company: names.company(batch.companyId ?? '') })}
          >
            <Totals of={batch} counted={counted[0]} />
            <div className="x-columns">
              <Section title={t('split')}>
                <Parties of={batch} shares={shares} />
              </Section>
              <Card size="small">
                <BatchFacts of={batch} />
              </Card>
            </div>
            <Sums of={batch} counted={counted[0]} />
            <Section title={t('ridesTitle')}>
              <Rides id={id} />
            </Section>
          </Page>
        )
      }
    </Answered>
  );
}

type Counted = BatchQuery['counted'][number] | undefined;

function Totals({ of, counted }: { of: Found; counted: Counted }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const f = useFormat();
  const rides = BigInt(of.rideCount ?? 0);
  const average = rides === 0n ? undefined : BigInt(of.gross ?? '0') / rides;
  const driven = counted?.sum.distanceM;
  return (
    <Figures>
      <Figure name={w('rides')} value={f.count(of.rideCount ?? 0)} />
      <MoneyFigure name={w('gross')} units={of.gross} />
      {average === undefined ? null : (
        <Figure
          name={t('average')}
          value={<span title={f.money(average)}>{f.money(average, { fen: true })}</span>}
        />
      )}
      {driven === null || driven === undefined ? null : (
        <Figure name={t('distance')} value={f.distance(Number(driven))} />
      )}
    </Figures>
  );
}

function Parties({ of, shares }: { of: Found; shares: BatchQuery['shares'] }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const names = useNames();
  const third =
    shares.length === 0
      ? [{ name: w('thirdPartyShare'), amount: BigInt(of.thirdParties ?? '0') }]
      : shares.map((share) => ({
          name: t('shareOf', { company: names.company(share.toId ?? '') }),
          amount: BigInt(share.amount ?? '0'),
        }));
  return (
    <Split
      label={t('split')}
      of={[
        { name: w('driversShare'), amount: BigInt(of.drivers ?? '0') },
        { name: w('platformShare'), amount: BigInt(of.platform ?? '0') },
        ...third,
      ]}
    />
  );
}

function BatchFacts({ of }: { of: Found }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const { extrinsic } = of;
  return (
    <Facts
      facts={[
        [w('company'), <CompanyLink key="company" id={of.companyId} />],
        [w('time'), <When key="time" at={of.time} />],
        [t('settledIn'), <BlockLink key="block" number={of.blockNumber} />],
        [
          t('settledBy'),
          extrinsic === null ? null : (
            <span key="by" className="x-row">
              <ExtrinsicLink id={extrinsic.id} />
              <Named pallet={extrinsic.pallet} name={extrinsic.name} />
            </span>
          ),
        ],
        [t('receiptsRoot'), <Hash key="root" of={of.receiptsRoot} whole />],
      ]}
    />
  );
}

function Sums({ of, counted }: { of: Found; counted: Counted }) {
  const t = useTexts(texts);
  const f = useFormat();
  const isRight = addUp(of, counted);
  const count = f.count(counted?.count ?? '0');
  return (
    <Alert
      type={isRight ? 'success' : 'warning'}
      showIcon
      title={t(isRight ? 'addsUp' : 'notAddsUp')}
      description={
        isRight
          ? t('addsUpText', { count: Number(counted?.count ?? 0) })
          : t('notAddsUpText', { count, rides: f.count(of.rideCount ?? 0) })
      }
    />
  );
}

function Rides({ id }: { id: string }) {
  const t = useTexts(texts);
  const at = pageAt(route.useSearch());
  const query = useAsk(ridesQuery, { where: { batch: id }, ...windowOf(at) }, { keepPrevious: true });
  return (
    <ConnectionTable
      label={t('ridesTitle')}
      query={query}
      pick={(answer) => answer.ridesConnection}
      columns={useRideColumns('batch')}
      rowKey={(row) => row.id}
      at={at}
      turn={useTurn()}
    />
  );
}

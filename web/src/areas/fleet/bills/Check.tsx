import { useQuery } from '@tanstack/react-query';
import { Alert } from 'antd';
import { openPortalChain } from '../../../chain/shared';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { ask } from '../../../index/ask';
import { StateTag } from '../../../ui/StateTag';
import type { FleetTotalsQuery } from '../graphql/graphql';
import { DataTable } from '../list/DataTable';
import { Section } from '../list/Section';
import { agrees, type Book, batchBook, chainBook, type Line, lines, rideBook } from './books';
import { totalsQuery } from './queries';
import { texts } from './texts';

/** Compares the index's sums with the chain's own totals, at the same block. */
export function Check({ of, company }: { of: FleetTotalsQuery; company: number }) {
  const t = useTexts(texts);
  const f = useFormat();
  const both = useQuery({
    queryKey: ['fleet', 'totals', company],
    refetchInterval: 30_000,
    retry: 1,
    queryFn: ({ signal }) => readBoth(company, signal),
  });
  const chain = both.data?.chain;
  const totals = both.data?.totals ?? of;
  const own = [batchBook(totals), rideBook(totals)];
  const books = chain === undefined ? own : [...own, chain];
  const isRight = lines.every((line) => agrees(line, books));
  const values = { block: f.count(totals._meta?.block?.number ?? 0) };
  return (
    <Section title={t('check')}>
      <div className="f-stack">
        {!isRight ? (
          <Alert type="error" showIcon title={t('checkWrong')} description={t('checkWrongText', values)} />
        ) : both.isError ? (
          <Alert type="warning" showIcon title={t('checkSilent')} description={both.error.message} />
        ) : chain === undefined ? (
          <Alert type="info" showIcon title={t('checking')} />
        ) : (
          <Alert type="success" showIcon title={t('checkRight')} description={t('checkRightText', values)} />
        )}
        <BookTable batches={batchBook(totals)} rides={rideBook(totals)} chain={chain} />
      </div>
    </Section>
  );
}

/** Both at one block, so that what is settled meanwhile is no difference. */
async function readBoth(
  company: number,
  signal: AbortSignal,
): Promise<{ totals: FleetTotalsQuery; chain: Book }> {
  const totals = await ask(totalsQuery, { company, id: String(company) }, { signal });
  const hash = totals._meta?.block?.hash;
  if (hash == null) throw new Error('The index has no block yet.');
  const node = await openPortalChain();
  await node.ready(15_000);
  return { totals, chain: chainBook(await node.request('smartlink_totals', company, hash)) };
}

function BookTable(props: { batches: Book; rides: Book; chain: Book | undefined }) {
  const t = useTexts(texts);
  const f = useFormat();
  const shown = (line: Line, book: Book | undefined) => {
    const value = book?.[line];
    if (value === undefined || value === null) return '—';
    return line === 'batches' || line === 'rides' ? f.count(value) : f.money(value);
  };
  const all = [props.batches, props.rides, ...(props.chain === undefined ? [] : [props.chain])];
  return (
    <DataTable<Line>
      size="small"
      aria-label={t('check')}
      rowKey={(line) => line}
      dataSource={[...lines]}
      pagination={false}
      scroll={{ x: 'max-content' }}
      columns={[
        {
          key: 'what',
          title: t('what'),
          render: (_, line) => (
            <StateTag
              tone={agrees(line, all) ? (props.chain === undefined ? 'plain' : 'good') : 'bad'}
              text={t(line)}
            />
          ),
        },
        {
          key: 'index',
          title: t('index'),
          align: 'right',
          render: (_, line) => <span className="numbers">{shown(line, props.batches)}</span>,
        },
        {
          key: 'rows',
          title: t('rows'),
          align: 'right',
          render: (_, line) => <span className="numbers">{shown(line, props.rides)}</span>,
        },
        {
          key: 'chain',
          title: t('chain'),
          align: 'right',
          render: (_, line) => <span className="numbers">{shown(line, props.chain)}</span>,
        },
      ]}
    />
  );
}

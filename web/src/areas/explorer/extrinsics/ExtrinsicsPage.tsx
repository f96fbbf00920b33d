import { getRouteApi } from '@tanstack/react-router';
import { accountHex, isAccount } from '../../../format/ids';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { Choice, Filters, Typed } from '../../../ui/Filters';
import { AccountLink, BlockLink, ExtrinsicLink, Hash, Money, Named, Result, When } from '../detail/values';
import type { ExtrinsicFilter, ExtrinsicsQuery } from '../graphql/graphql';
import { type Column, ConnectionTable } from '../list/ConnectionTable';
import { ListPage } from '../list/ListPage';
import { pageAt, windowOf } from '../list/paging';
import { useChange, useTurn } from '../list/useTurn';
import { texts as words } from '../texts';
import { calledQuery, extrinsicsQuery } from './queries';
import { texts } from './texts';

type Row = ExtrinsicsQuery['extrinsicsConnection']['nodes'][number];

const route = getRouteApi('/explorer/extrinsics');

export function ExtrinsicsPage() {
  const t = useTexts(texts);
  const w = useTexts(words);
  const search = route.useSearch();
  const at = pageAt(search);
  const change = useChange();
  const turn = useTurn();
  const called = useAsk(calledQuery, {}, { staleTime: 60_000 });
  const where = filterOf(search);
  const query = useAsk(extrinsicsQuery, { where, ...windowOf(at) }, { keepPrevious: true });
  const columns: readonly Column<Row>[] = [
    { key: 'id', title: w('extrinsic'), render: (_, row) => <ExtrinsicLink id={row.id} /> },
    { key: 'call', title: w('call'), render: (_, row) => <Named pallet={row.pallet} name={row.name} /> },
    {
      key: 'result',
      title: w('result'),
      render: (_, row) => <Result success={row.success} error={row.error} />,
    },
    {
      key: 'signer',
      title: w('signer'),
      render: (_, row) => <AccountLink account={row.signer} />,
      responsive: ['sm'],
    },
    { key: 'time', title: w('time'), render: (_, row) => <When at={row.time} />, responsive: ['sm'] },
    {
      key: 'fee',
      title: w('fee'),
      align: 'right',
      render: (_, row) => <Money units={row.fee} />,
      responsive: ['md'],
    },
    {
      key: 'block',
      title: w('block'),
      align: 'right',
      render: (_, row) => <BlockLink number={row.blockNumber} />,
      responsive: ['md'],
    },
    { key: 'hash', title: w('hash'), render: (_, row) => <Hash of={row.hash} />, responsive: ['lg'] },
  ];
  return (
    <ListPage
      title={t('title')}
      lead={t('lead')}
      filters={
        <Filters>
          <Choice
            label={t('byCall')}
            value={search.call}
            width={260}
            isLoading={called.isPending}
            choose={(call) => change({ call })}
            options={(called.data?.extrinsicsAggregate ?? []).flatMap(({ pallet, name, count }) =>
              pallet === null || name === null
                ? []
                : [{ value: `${pallet}.${name}`, label: `${pallet}.${name} (${count})` }],
            )}
          />
          <Choice
            label={w('result')}
            value={search.result}
            choose={(result) => change({ result })}
            options={[
              { value: 'succeeded', label: t('onlySucceeded') },
              { value: 'failed', label: t('onlyFailed') },
            ]}
          />
          <Typed
            label={w('signer')}
            value={search.signer}
            choose={(signer) => change({ signer })}
            width={280}
          />
        </Filters>
      }
    >
      <ConnectionTable
        label={t('title')}
        query={query}
        pick={(answer) => answer.extrinsicsConnection}
        columns={columns}
        rowKey={(row) => row.id}
        at={at}
        turn={turn}
        isFiltered={Object.keys(where).length > 0}
      />
    </ListPage>
  );
}

/** What is asked for, by what the address says. What is no account was signed by nobody. */
export function filterOf(search: { call?: string; result?: string; signer?: string }): ExtrinsicFilter {
  const [pallet, name] = search.call?.split('.') ?? [];
  const signer = search.signer;
  return {
    ...(pallet !== undefined && name !== undefined ? { pallet, name } : {}),
    ...(search.result === undefined ? {} : { success: search.result === 'succeeded' }),
    ...(signer === undefined
      ? {}
      : { signer: isAccount(signer) ? accountHex(signer) : `0x${'00'.repeat(32)}` }),
  };
}

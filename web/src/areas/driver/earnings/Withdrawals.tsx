import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useSession } from '../../../api/hooks';
import { accountHex } from '../../../format/ids';
import { useTexts } from '../../../i18n/useTexts';
import { ask } from '../../../index/ask';
import { extrinsicPath } from '../../../route/paths';
import { Amount } from '../../../ui/Amount';
import { Empty, Failed, Loading } from '../../../ui/answers';
import { PathLink } from '../../../ui/PathLink';
import { Time } from '../../../ui/Time';
import { withdrawalsQuery } from './queries';
import { earningTexts } from './texts';

/** Withdrawals of a page. */
const pageSize = 10;

/** What was taken home, the newest first. */
export function Withdrawals(props: { seat: number; account: string }) {
  const t = useTexts(earningTexts);
  const company = useSession()?.company ?? 0;
  const account = accountHex(props.account);
  const { seat } = props;
  const query = useInfiniteQuery({
    queryKey: ['index', 'driver withdrawals', company, seat, account],
    queryFn: ({ pageParam, signal }) =>
      ask(withdrawalsQuery, { company, seat, account, first: pageSize, after: pageParam }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ withdrawalsConnection: { pageInfo } }) =>
      pageInfo.hasNextPage ? pageInfo.endCursor : null,
    refetchInterval: 15_000,
  });
  const rows = query.data?.pages.flatMap((page) => page.withdrawalsConnection.nodes);
  return (
    <section className="d-panel" aria-labelledby="d-withdrawals">
      <h2 id="d-withdrawals" className="d-title">
        {t('withdrawals')}
      </h2>
      {rows === undefined ? (
        query.error !== null ? (
          <Failed compact error={query.error} retry={() => void query.refetch()} />
        ) : (
          <Loading rows={3} />
        )
      ) : rows.length === 0 ? (
        <Empty text={t('noWithdrawals')} />
      ) : (
        <ul className="d-list">
          {rows.map((row) => (
            <li key={row.id} className="d-row">
              <span className="d-row-head">
                {row.extrinsicPlace === null ? (
                  <Time at={row.time} />
                ) : (
                  <PathLink to={extrinsicPath(`${row.blockNumber}-${row.extrinsicPlace}`)}>
                    <Time at={row.time} />
                  </PathLink>
                )}
                <strong className="d-row-end">
                  <Amount value={row.amount ?? '0'} />
                </strong>
              </span>
            </li>
          ))}
        </ul>
      )}
      {query.hasNextPage ? (
        <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('older')}
        </Button>
      ) : null}
    </section>
  );
}

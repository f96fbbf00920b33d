import { useSession } from '../../../api/hooks';
import { useAsk } from '../../../index/hooks';
import { useNow } from '../../../ui/useNow';
import { useWork } from '../work/context';
import { earnedQuery } from './queries';
import { beginOf, type Length, midnight } from './spans';

/** What the driver earned since the beginning of that many days or weeks ago, by the hour; with the moment of now. */
export function useEarned(length: Length, count: number) {
  const company = useSession()?.company ?? 0;
  const { driver } = useWork();
  const nowMs = useNow(60_000);
  const begin = midnight(beginOf(length, nowMs), (1 - count) * (length === 'day' ? 1 : 7));
  const query = useAsk(
    earnedQuery,
    { company, driver, since: new Date(begin).toISOString() },
    { refetchInterval: 15_000, keepPrevious: true },
  );
  return { query, nowMs };
}

import { useCall } from '../../../api/hooks';
import { useTexts } from '../../../i18n/useTexts';
import { Answered } from '../../../ui/answers';
import { Page } from '../../../ui/Page';
import { Earned } from './Earned';
import { Owed } from './Owed';
import { earningTexts } from './texts';
import { Withdrawals } from './Withdrawals';

/** What the company owes, what the days brought, and what was taken home. */
export function EarningsPage() {
  const t = useTexts(earningTexts);
  const query = useCall('driver_earnings', {}, { refetchInterval: 15_000 });
  return (
    <Page title={t('earnings')}>
      <Answered query={query} rows={4}>
        {(earnings) => <Owed earnings={earnings} />}
      </Answered>
      <Earned />
      {query.data === undefined ? null : <Withdrawals seat={query.data.seat} account={query.data.account} />}
    </Page>
  );
}

import type { ReactNode } from 'react';
import { useBalance } from '../chain/hooks';
import { ss58 } from '../format/ids';
import { useTexts } from '../i18n/useTexts';
import { Amount } from '../ui/Amount';
import { Answered } from '../ui/answers';
import { Facts } from '../ui/Facts';
import { AccountName } from '../ui/links';
import { AnnouncedTable } from './AnnouncedTable';
import { HeldBy } from './HeldBy';
import { ProxyTable } from './ProxyTable';
import { keyTexts } from './texts';
import { useKeys, useShared } from './useKeys';
import './keys.css';

/** A company's money: the account, what is in it, who holds it, and which keys act for it. As of now. */
export function Treasury(props: { account: string; children?: ReactNode }) {
  const t = useTexts(keyTexts);
  const account = ss58(props.account);
  const balance = useBalance(account);
  const shared = useShared(account);
  const keys = useKeys(account);
  return (
    <div className="k-stack">
      <Facts
        facts={[
          [t('account'), <AccountName key="account" account={account} copy />],
          [t('free'), balance === undefined ? '…' : <Amount key="free" value={balance.free} />],
          [
            t('held'),
            balance === undefined || balance.reserved === 0n ? null : (
              <Amount key="held" value={balance.reserved} />
            ),
          ],
          [t('heldBy'), <HeldBy key="heldBy" shared={shared} />],
        ]}
      />
      {props.children}
      <h3 className="k-heading">{t('proxies')}</h3>
      <Answered query={keys} rows={2}>
        {(answer) => (
          <div className="k-stack">
            <ProxyTable of={answer.proxies} />
            {answer.announced.length === 0 ? null : (
              <>
                <h3 className="k-heading">{t('announced')}</h3>
                <p className="k-none k-quiet">{t('announcedLead')}</p>
                <AnnouncedTable of={answer} />
              </>
            )}
          </div>
        )}
      </Answered>
    </div>
  );
}

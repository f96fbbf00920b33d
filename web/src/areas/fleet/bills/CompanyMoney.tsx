import { useBalance } from '../../../chain/hooks';
import { ss58 } from '../../../format/ids';
import { useTexts } from '../../../i18n/useTexts';
import { accountPath } from '../../../route/paths';
import { Amount } from '../../../ui/Amount';
import { Figure, Figures } from '../../../ui/Figure';
import type { FleetTotalsQuery } from '../graphql/graphql';
import { Section } from '../list/Section';
import { clearingAccount } from './books';
import { texts } from './texts';

/** What the company has on the chain now, and what went through so far. */
export function CompanyMoney({ of, company }: { of: FleetTotalsQuery; company: number }) {
  const t = useTexts(texts);
  const treasury = of.company?.treasury;
  const clearing = ss58(clearingAccount(company));
  const [withdrawn] = of.withdrawalsAggregate;
  return (
    <Section title={t('balance')}>
      <Figures>
        {treasury == null ? null : (
          <Figure
            name={t('treasury')}
            value={<Balance account={ss58(treasury)} />}
            to={accountPath(ss58(treasury))}
          />
        )}
        <Figure
          name={t('clearing')}
          value={<Balance account={clearing} />}
          hint={t('clearingHint')}
          to={accountPath(clearing)}
        />
        <Figure name={t('funded')} value={<Amount value={of.company?.funded ?? '0'} fen />} />
        <Figure name={t('released')} value={<Amount value={of.company?.released ?? '0'} fen />} />
        <Figure
          name={t('withdrawn')}
          value={<Amount value={withdrawn?.sum.amount ?? '0'} fen />}
          hint={t('withdrawals', { count: Number(withdrawn?.count ?? '0') })}
        />
      </Figures>
    </Section>
  );
}

/** From the chain, after each block; its title is exact. */
function Balance({ account }: { account: string }) {
  const balance = useBalance(account);
  return balance === undefined ? '…' : <Amount value={balance.free + balance.reserved} fen />;
}

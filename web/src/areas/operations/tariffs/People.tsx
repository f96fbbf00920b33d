import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { portal } from '../../../portal';
import { Answered } from '../../../ui/answers';
import { Facts } from '../../../ui/Facts';
import { AccountName } from '../../../ui/links';
import { useNow } from '../../../ui/useNow';
import { Section } from '../parts/Section';
import { accountsWith } from './permissions';
import { rolesQuery } from './queries';
import { texts } from './texts';

/** Who may propose and who may approve, as the chain has it. */
export function People() {
  const t = useTexts(texts);
  const now = useNow(60_000);
  const query = useAsk(rolesQuery, { company: portal().company }, { staleTime: 60_000 });
  return (
    <Section title={t('people')}>
      <Answered query={query} rows={2}>
        {({ roles }) => (
          <div className="o-stack o-tight">
            <Facts
              facts={[
                [t('mayPropose'), <Accounts key="make" of={accountsWith(roles, 'tariffMaker', now)} />],
                [t('mayApprove'), <Accounts key="check" of={accountsWith(roles, 'tariffChecker', now)} />],
              ]}
            />
            <p className="o-note">{t('twoPeople')}</p>
          </div>
        )}
      </Answered>
    </Section>
  );
}

function Accounts({ of }: { of: readonly string[] }) {
  const t = useTexts(texts);
  if (of.length === 0) return <span className="o-quiet">{t('nobody')}</span>;
  return (
    <span className="o-row">
      {of.map((account) => (
        <AccountName key={account} account={account} />
      ))}
    </span>
  );
}

import { ss58 } from '../../../format/ids';
import { useTexts } from '../../../i18n/useTexts';
import { Treasury } from '../../../keys/Treasury';
import { keysPath } from '../../../route/paths';
import { PathLink } from '../../../ui/links';
import { texts } from './texts';

/** A company's money as the node has it now: who holds it, and which keys act for it. */
export function CompanyTreasury({ account, isNow }: { account: string; isNow: boolean }) {
  const t = useTexts(texts);
  return (
    <div className="x-stack">
      <p className="x-quiet x-none">
        {t('treasuryLead')} {isNow ? null : t('treasuryNow')}{' '}
        <PathLink to={keysPath(ss58(account))}>{t('treasuryKeys')}</PathLink>
      </p>
      <Treasury account={account} />
    </div>
  );
}

import { useTexts } from '../i18n/useTexts';
import { AccountName } from '../ui/links';
import { keyTexts } from './texts';
import type { Shared } from './useKeys';
import './keys.css';

/** Who holds an account together, as far as it is known. */
export function HeldBy({ shared }: { shared: Shared | undefined }) {
  const t = useTexts(keyTexts);
  if (shared === undefined) return <span className="k-quiet">{t('alone')}</span>;
  const { multisig, from } = shared;
  const { signatories, threshold } = multisig;
  return (
    <div className="k-stack">
      <span>
        {t('severally', { threshold, count: signatories.length })}{' '}
        <span className="k-quiet">({t(from === 'chain' ? 'fromChain' : 'fromBrowser')})</span>
      </span>
      <ul className="k-plain">
        {signatories.map((account) => (
          <li key={account}>
            <AccountName account={account} copy />
          </li>
        ))}
      </ul>
    </div>
  );
}

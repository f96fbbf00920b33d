import { useTexts } from '../../../i18n/useTexts';
import { Copy } from '../../../ui/Copy';
import { Section } from '../detail/Section';
import { texts } from './texts';

/** What an accountant does with a file before believing it. */
export function HowToCheck({ signer }: { signer: string | null }) {
  const t = useTexts(texts);
  const command = `smartlink-indexer export-check batches-5000.csv${signer === null ? ' --unsigned' : ` --signer ${signer}`}`;
  return (
    <Section title={t('check')}>
      <div className="x-stack">
        <p className="x-none">{t('checkText')}</p>
        <div className="x-row">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard. */}
          <pre className="x-raw" tabIndex={0}>
            {command}
          </pre>
          <Copy text={command} />
        </div>
        <div>
          <div className="x-quiet">{t('signer')}</div>
          {signer === null ? t('noSigner') : <span className="code x-break">{signer}</span>}
        </div>
        <p className="x-quiet x-none">{t('otherTools')}</p>
        <p className="x-quiet x-none">{t('excel')}</p>
      </div>
    </Section>
  );
}

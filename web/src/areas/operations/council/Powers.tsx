import { useTexts } from '../../../i18n/useTexts';
import { Section } from '../parts/Section';
import { commands, type Power, said, votesFor } from './powers';
import { texts } from './texts';

const shares: readonly Power[] = ['majority', 'twoThirds', 'threeQuarters'];

/** What the council may do, and how many votes it takes. */
export function Powers({ seats }: { seats: number }) {
  const t = useTexts(texts);
  return (
    <Section title={t('powers')}>
      <div className="o-stack o-tight">
        {shares.map((share) => (
          <div key={share}>
            <h3 className="o-heading">
              {t(share)}{' '}
              <span className="o-quiet">· {t('needs', { votes: votesFor(share, seats), seats })}</span>
            </h3>
            <ul className="o-list">
              {said.flatMap(([what, origins]) =>
                origins.some((origin) => powerAt(origin) === share)
                  ? [
                      <li key={what}>
                        {t(what)} <span className="o-note code">{origins.join(', ')}</span>
                      </li>,
                    ]
                  : [],
              )}
            </ul>
          </div>
        ))}
        <p className="o-none">{t('notOthers')}</p>
        <p className="o-note">{t('powersLead')}</p>
      </div>
    </Section>
  );
}

function powerAt(origin: string): Power | undefined {
  return commands.find((command) => command.origin === origin)?.power;
}

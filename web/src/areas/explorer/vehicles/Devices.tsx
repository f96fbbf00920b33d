import { useTexts } from '../../../i18n/useTexts';
import { Section } from '../detail/Section';
import { BlockLink, Hash } from '../detail/values';
import type { VehicleQuery } from '../graphql/graphql';
import { texts } from './texts';

type Row = NonNullable<VehicleQuery['vehicle']>['devices'][number];

/** The devices that report for a vehicle. */
export function Devices({ of }: { of: readonly Row[] }) {
  const t = useTexts(texts);
  return (
    <Section title={t('devices')}>
      {of.length === 0 ? (
        <p className="x-quiet">{t('noDevices')}</p>
      ) : (
        <ul className="x-plain x-stack">
          {of.map((device) => (
            <li key={device.id}>
              <Hash of={device.device} />
              <div className="x-row x-quiet">
                {device.key === null ? (
                  t('noKey')
                ) : (
                  <span>
                    {t('signingKey')} <Hash of={device.key} />
                  </span>
                )}
                <span>
                  {t('bound')} <BlockLink number={device.blockNumber} />
                </span>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { companyPath } from '../../../route/paths';
import { Facts } from '../../../ui/Facts';
import { BlockLink, PathLink } from '../../../ui/links';
import { StateTag } from '../../../ui/StateTag';
import { Section } from '../list/Section';
import { useWord } from '../roster/stateWords';
import { useCompanies } from '../roster/useCompanies';
import { texts } from './texts';
import type { FoundVehicle } from './VehiclePage';
import { vinFault } from './vin';

/** A vehicle's papers, as the chain has them. */
export function Identity({ of }: { of: FoundVehicle }) {
  const t = useTexts(texts);
  const f = useFormat();
  const word = useWord();
  const companies = useCompanies();
  const vin = of.vin ?? '';
  return (
    <Section title={t('identity')}>
      <Facts
        facts={[
          [
            t('owner'),
            <PathLink key="owner" to={companyPath(of.ownerId ?? 0)}>
              {companies.name(of.ownerId ?? 0)}
            </PathLink>,
          ],
          [t('plate'), of.plate || t('noPlate')],
          [
            t('vin'),
            <span key="vin" className="f-row">
              <span className="code">{vin}</span>
              {vinFault(vin) === null ? <StateTag tone="good" text={t('vinGood')} /> : null}
            </span>,
          ],
          [t('model'), of.model],
          [t('class'), word('VehicleClass', of.class ?? '')],
          [
            t('sale'),
            of.boughtFromId === null
              ? null
              : t('bought', {
                  company: companies.name(of.boughtFromId),
                  price: f.money(BigInt(of.paid ?? '0')),
                }),
          ],
          [t('version'), of.revision],
          [t('changed'), <BlockLink key="block" number={of.blockNumber} />],
        ]}
      />
    </Section>
  );
}

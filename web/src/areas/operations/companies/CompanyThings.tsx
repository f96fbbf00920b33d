import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import type { OperationsCompanyQuery } from '../graphql/graphql';
import { Section } from '../parts/Section';
import { Word } from '../parts/words';
import { texts } from './texts';

/** Vehicles and drivers of a company, counted. */
export function CompanyThings(props: Pick<OperationsCompanyQuery, 'vehicles' | 'drivers'>) {
  const t = useTexts(texts);
  const f = useFormat();
  const { vehicles, drivers } = props;
  return (
    <div className="o-stack">
      <Section title={t('byStatus')}>
        {vehicles.length === 0 ? (
          <p className="o-none">{t('noVehicles')}</p>
        ) : (
          <table className="o-lines">
            <tbody>
              {vehicles.map(({ class: of, status, count }) => (
                <tr key={`${of}-${status}`}>
                  <th scope="row">
                    <Word of="VehicleClass" is={of} /> · <Word of="VehicleStatus" is={status} />
                  </th>
                  <td>{f.count(count)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Section>
      <Section title={t('driversBy')}>
        {drivers.length === 0 ? (
          <p className="o-none">{t('noDrivers')}</p>
        ) : (
          <table className="o-lines">
            <tbody>
              {drivers.map(({ status, count }) => (
                <tr key={status}>
                  <th scope="row">
                    <Word of="DriverStatus" is={status} />
                  </th>
                  <td>{f.count(count)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Section>
    </div>
  );
}

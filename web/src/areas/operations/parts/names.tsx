// What orders, drivers and vehicles are called, with a way to their page.
import { useTexts } from '../../../i18n/useTexts';
import { vehiclePath } from '../../../route/paths';
import { PathLink } from '../../../ui/PathLink';
import { texts } from '../texts';

export const orderPath = (id: string) => `/operations/orders/${id}`;
export const driverPath = (id: number) => `/operations/drivers/${id}`;
export const applicationsPath = '/operations/companies/applications';
export const companyOfOperations = (id: number) => `/operations/companies/${id}`;
export const tariffPath = (id: string) => `/operations/tariffs/${id}`;

export function OrderName(props: { id: string }) {
  return (
    <PathLink to={orderPath(props.id)} className="numbers code">
      {props.id}
    </PathLink>
  );
}

export function DriverName(props: { id: number }) {
  const t = useTexts(texts);
  return <PathLink to={driverPath(props.id)}>{t('driverNumber', { id: props.id })}</PathLink>;
}

export function VehicleName(props: { id: number }) {
  const t = useTexts(texts);
  return <PathLink to={vehiclePath(props.id)}>{t('vehicleNumber', { id: props.id })}</PathLink>;
}

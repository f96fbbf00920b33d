import type { Details, Protocol } from '../../../api/methods';

/** What a person fills in of a device. */
export interface EnrolFields {
  readonly protocol: Protocol;
  readonly identity: string;
  readonly vehicle?: number;
  readonly manufacturer?: string;
  readonly model?: string;
  readonly serial?: string;
  readonly plate?: string;
  readonly vin?: string;
}

/** Whether the service takes what a device calls itself: a phone number, or a name. */
export function isIdentity(protocol: Protocol, identity: string): boolean {
  return protocol === 'jt808' ? /^\d{1,20}$/.test(identity) : /^[A-Za-z0-9._:-]{1,64}$/.test(identity);
}

/** What is written on a device, as far as it was filled in; nothing where nothing was. */
export function detailsFrom(fields: EnrolFields): Details | undefined {
  const { manufacturer, model, serial, plate, vin } = fields;
  const given = Object.entries({ manufacturer, model, serial, plate, vin })
    .map(([name, value]) => [name, value?.trim()] as const)
    .filter(([, value]) => value !== undefined && value !== '');
  return given.length === 0 ? undefined : (Object.fromEntries(given) as Details);
}

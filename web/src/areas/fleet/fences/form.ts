// What a person fills in of a geofence, and what the api takes.
import type { FenceProperties } from '../../../map';

/** Classes of vehicles by the rules of telemetry (docs/telemetry.md). */
export const fenceClasses = ['car', 'van', 'light_truck', 'heavy_truck', 'bus', 'dangerous_goods'] as const;
export type FenceClass = (typeof fenceClasses)[number];

export interface FenceFields {
  readonly name: string;
  readonly alert: readonly ('enter' | 'exit')[];
  readonly dwellMin: number | null;
  readonly limitKmh: number | null;
  readonly classes: readonly FenceClass[];
}

export function fieldsOf(properties: FenceProperties): FenceFields {
  return {
    name: properties.name ?? '',
    alert: properties.alert ?? [],
    dwellMin: properties.dwell_s === undefined ? null : properties.dwell_s / 60,
    limitKmh: properties.speed_limit_kmh ?? null,
    classes: fenceClasses.filter((one) => properties.classes?.includes(one)),
  };
}

/** What the api is sent; what was not filled in is left out, and so switched off. */
export function propertiesFrom(fields: FenceFields, id: number | undefined): FenceProperties {
  return {
    ...(id === undefined ? {} : { id }),
    name: fields.name.trim(),
    ...(fields.alert.length === 0 ? {} : { alert: fields.alert }),
    ...(fields.dwellMin === null ? {} : { dwell_s: Math.round(fields.dwellMin * 60) }),
    ...(fields.limitKmh === null ? {} : { speed_limit_kmh: fields.limitKmh }),
    ...(fields.classes.length === 0 ? {} : { classes: fields.classes }),
  };
}

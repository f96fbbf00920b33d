import type { FenceProperties } from '../../../map';

/** What is known of a geofence besides its shape; what has another form is left out. */
export function propertiesOf(given: Readonly<Record<string, unknown>>): FenceProperties {
  const number = (name: string) => {
    const value = given[name];
    return typeof value === 'number' ? value : undefined;
  };
  const { name, alert, classes } = given;
  const speed = number('speed_limit_kmh');
  const dwell = number('dwell_s');
  const sides = (Array.isArray(alert) ? alert : []).filter((side) => side === 'enter' || side === 'exit');
  const named = (Array.isArray(classes) ? classes : []).filter((one) => typeof one === 'string');
  return {
    ...(typeof name === 'string' && name !== '' ? { name } : {}),
    ...(speed === undefined ? {} : { speed_limit_kmh: speed }),
    ...(dwell === undefined ? {} : { dwell_s: dwell }),
    ...(sides.length === 0 ? {} : { alert: sides }),
    ...(named.length === 0 ? {} : { classes: named }),
  };
}

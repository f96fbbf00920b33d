// What a person types of a vehicle's tank, battery and cargo, and what the api takes. The bounds are those of
// offchain/telemetry/src/analysis/class.rs.
import type { Calls } from '../../../../api/methods';
import { fromUnit, inUnit, type Unit } from '../rules/units';

export interface Typed {
  readonly tank: string;
  readonly battery: string;
  readonly lowest: string;
  readonly highest: string;
}

export const nothing: Typed = { tank: '', battery: '', lowest: '', highest: '' };

interface Measure {
  readonly unit: Unit;
  /** In the smaller unit of the service. */
  readonly least: number;
  readonly most: number;
}

export const measures = {
  tank: { unit: 'litre', least: 1_000, most: 10_000_000 },
  battery: { unit: 'kwh', least: 100, most: 10_000_000 },
  lowest: { unit: 'celsius', least: -1_000, most: 2_000 },
  highest: { unit: 'celsius', least: -1_000, most: 2_000 },
} as const satisfies Readonly<Record<keyof Typed, Measure>>;

export type Fault =
  | { readonly kind: 'notNumber' | 'tooFine' | 'bothEnds' | 'upsideDown' }
  | { readonly kind: 'bounds'; readonly least: string; readonly most: string };

export type Read =
  | { readonly ok: true; readonly params: Omit<Calls['telemetry_set_capacities']['params'], 'vehicle'> }
  | { readonly ok: false; readonly faults: Readonly<Partial<Record<keyof Typed, Fault>>> };

/** Reads what was typed. What is empty is not known. */
export function readCapacities(typed: Typed): Read {
  const faults: Partial<Record<keyof Typed, Fault>> = {};
  const value = (name: keyof Typed): number | undefined => {
    const text = typed[name].trim();
    if (text === '') return undefined;
    const { unit, least, most } = measures[name];
    const found = fromUnit(text, unit);
    if (typeof found === 'string') faults[name] = { kind: found };
    else if (found < least || found > most)
      faults[name] = { kind: 'bounds', least: inUnit(least, unit), most: inUnit(most, unit) };
    else return found;
    return undefined;
  };
  const [tank, battery, low, high] = [value('tank'), value('battery'), value('lowest'), value('highest')];
  const isEmpty = (name: keyof Typed) => typed[name].trim() === '';
  if (isEmpty('lowest') !== isEmpty('highest'))
    faults[isEmpty('lowest') ? 'lowest' : 'highest'] = { kind: 'bothEnds' };
  if (low !== undefined && high !== undefined && low > high) faults.highest = { kind: 'upsideDown' };
  if (Object.keys(faults).length > 0) return { ok: false, faults };
  return {
    ok: true,
    params: {
      ...(tank === undefined ? {} : { tank_ml: tank }),
      ...(battery === undefined ? {} : { battery_wh: battery }),
      ...(low === undefined || high === undefined
        ? {}
        : { cargo: { lowest_c: low / 10, highest_c: high / 10 } }),
    },
  };
}

// What the fields of calls and events are, where their text alone does not say: amounts, times, ids of things.
// The index writes integers above 32 bits as digits, accounts and hashes as 0x…, texts as bytes in hexadecimal.

/** How a field is shown. */
export type FieldKind =
  | 'money'
  | 'seconds'
  | 'milliseconds'
  | 'company'
  | 'vehicle'
  | 'driver'
  | 'order'
  | 'permissions'
  | 'node'
  | 'text'
  | 'city'
  | 'fen';

/** By the name of a field, in every pallet. */
const everywhere: Readonly<Record<string, FieldKind>> = {
  amount: 'money',
  actual_fee: 'money',
  tip: 'money',
  gross: 'money',
  drivers: 'money',
  platform: 'money',
  third_parties: 'money',
  price: 'money',
  free_balance: 'money',
  deposit: 'money',
  company: 'company',
  owner: 'company',
  vehicle: 'vehicle',
  driver: 'driver',
  orders: 'order',
  permissions: 'permissions',
  vin: 'text',
  plate: 'text',
  model: 'text',
  name: 'text',
  remark: 'text',
  city: 'city',
  expires: 'seconds',
  registered: 'seconds',
  inactive_since: 'seconds',
  base_time: 'seconds',
  closed_at_ms: 'milliseconds',
  tolls_fen: 'fen',
};

/** Of one pallet, where a name means something else there. */
const ofPallet: Readonly<Record<string, Readonly<Record<string, FieldKind>>>> = {
  Tariffs: {
    from: 'seconds',
    base: 'money',
    per_km: 'money',
    per_minute: 'money',
    per_waiting_minute: 'money',
    minimum: 'money',
    cancellation: 'money',
    rounding: 'money',
    max_tolls_fen: 'fen',
  },
  Consortium: { applied: 'seconds', before: 'company', until: 'seconds' },
  Proxy: { most: 'money' },
  Nodes: { label: 'text', node: 'node' },
  Allowance: { max: 'money', recovery_per_block: 'money' },
  Vehicles: { from: 'company', to: 'company' },
  Settlement: { to: 'company' },
  Balances: { value: 'money', new_free: 'money', free: 'money' },
  Timestamp: { now: 'milliseconds' },
};

/** The kind of a field, if its name has one. */
export function kindOf(pallet: string, field: string): FieldKind | undefined {
  return ofPallet[pallet]?.[field] ?? (Object.hasOwn(everywhere, field) ? everywhere[field] : undefined);
}

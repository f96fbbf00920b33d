// What an event of an order says beside its name (docs/orders.md). What is not there, or of another form, is left out.
import * as v from 'valibot';
import type { Party } from '../../../api/methods';

const parties: Readonly<Record<string, Party>> = {
  PARTY_RIDER: 'rider',
  PARTY_DRIVER: 'driver',
  PARTY_COMPANY: 'company',
  rider: 'rider',
  driver: 'driver',
};

const count = v.fallback(v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))), undefined);
const units = v.fallback(v.optional(v.pipe(v.string(), v.regex(/^\d{1,39}$/))), undefined);
const text = v.fallback(v.optional(v.string()), undefined);
const flag = v.fallback(v.optional(v.boolean()), undefined);
const party = v.fallback(
  v.optional(
    v.pipe(
      v.string(),
      v.transform((name) => parties[name]),
    ),
  ),
  undefined,
);

const schema = v.object({
  booked: flag,
  driver: count,
  vehicle: count,
  eta_s: count,
  forward: flag,
  distance_m: count,
  duration_s: count,
  waiting_s: count,
  fare: units,
  tolls: units,
  fee: units,
  by: party,
  fault: party,
  reason: text,
  stars: count,
  refusal: text,
  batch: count,
  row: count,
  block: count,
});

export type EventDetails = v.InferOutput<typeof schema>;

export function readDetails(details: unknown): EventDetails {
  const read = v.safeParse(schema, details);
  return read.success ? read.output : v.parse(schema, {});
}

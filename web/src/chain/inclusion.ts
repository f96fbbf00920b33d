/** What happened to a transaction inside its block, read from the block's events. */
import * as v from 'valibot';
import { dispatchRefusal, type Refusal, tagged } from './refusals/refusal';

/** Something that a transaction did. */
export interface ChainEvent {
  pallet: string;
  name: string;
  value: unknown;
}

/** A part that failed although the transaction as a whole did not. */
export interface PartialFailure {
  /** Where it happened, such as `Utility.BatchInterrupted`. */
  where: string;
  refusal: Refusal;
}

/** A transaction in a block. */
export interface Inclusion {
  block: { hash: string; number: number; index: number };
  /** Missing: it was carried out. */
  refusal: Refusal | undefined;
  /** Parts that were not carried out: steps of a batch, what a motion decided. */
  parts: PartialFailure[];
  /** What was paid in money, in units of 10⁻⁶ CNY; undefined when nothing was taken. */
  fee: bigint | undefined;
  events: ChainEvent[];
}

const Record = v.object({
  phase: v.object({ type: v.string(), value: v.optional(v.unknown()) }),
  event: v.object({
    type: v.string(),
    value: v.object({ type: v.string(), value: v.optional(v.unknown()) }),
  }),
});

/** Events of one extrinsic out of all those of its block. Throws when they are not events. */
export function eventsOf(records: unknown, index: number): ChainEvent[] {
  return v
    .parse(v.array(Record), records)
    .filter((r) => r.phase.type === 'ApplyExtrinsic' && r.phase.value === index)
    .map((r) => ({ pallet: r.event.type, name: r.event.value.type, value: r.event.value.value }));
}

/** Sums up what a transaction's events say. */
export function inclusionOf(block: Inclusion['block'], events: ChainEvent[]): Inclusion {
  const failed = events.find((e) => e.pallet === 'System' && e.name === 'ExtrinsicFailed');
  return {
    block,
    refusal: failed && dispatchRefusal(field(failed.value, 'dispatch_error')),
    parts: events.flatMap(partOf),
    fee: paidFee(events),
    events,
  };
}

const Paid = v.object({ who: v.string(), actual_fee: v.bigint() });

/**
 * The chain names a fee also where a company's allowance took it. Money is taken before the call does anything, so then it is
 * the first that the transaction did.
 */
function paidFee([first, ...events]: readonly ChainEvent[]): bigint | undefined {
  const charged = events.find((e) => e.pallet === 'TransactionPayment' && e.name === 'TransactionFeePaid');
  const paid = v.safeParse(Paid, charged?.value);
  if (!paid.success || first?.pallet !== 'Balances' || first.name !== 'Withdraw') return undefined;
  const { who, actual_fee } = paid.output;
  return field(first.value, 'who') === who && actual_fee > 0n ? actual_fee : undefined;
}

/** An event other than `ExtrinsicFailed` that carries an error: a step of a batch, a motion, an inner call. */
function partOf(event: ChainEvent): PartialFailure[] {
  if (event.pallet === 'System') return [];
  const where = `${event.pallet}.${event.name}`;
  const error = tagged(field(event.value, 'error'));
  if (error) return [{ where, refusal: dispatchRefusal(error) }];
  const result = field(event.value, 'result');
  if (typeof result !== 'object' || result === null || !('success' in result) || result.success !== false)
    return [];
  return [{ where, refusal: dispatchRefusal('value' in result ? result.value : undefined) }];
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)).get(name) : undefined;
}

// The same money by several books, and whether they agree.
import * as v from 'valibot';
import type { FleetTotalsQuery } from '../graphql/graphql';

/** A book's totals: counts, and money in micro CNY. */
export interface Book {
  readonly batches: bigint | null;
  readonly rides: bigint;
  readonly gross: bigint;
  readonly drivers: bigint;
  readonly platform: bigint;
  readonly thirdParties: bigint;
}

export const lines = ['batches', 'rides', 'gross', 'drivers', 'platform', 'thirdParties'] as const;
export type Line = (typeof lines)[number];

const amount = v.pipe(
  v.string(),
  v.regex(/^\d+$/),
  v.transform((text) => BigInt(text)),
);
const totals = v.object({
  batches: v.number(),
  rides: v.number(),
  gross: amount,
  drivers: amount,
  platform: amount,
  third_parties: amount,
});

/** `smartlink_totals` of a node. Throws where the answer is none. */
export function chainBook(answer: unknown): Book {
  const read = v.parse(totals, answer);
  return {
    batches: BigInt(read.batches),
    rides: BigInt(read.rides),
    gross: read.gross,
    drivers: read.drivers,
    platform: read.platform,
    thirdParties: read.third_parties,
  };
}

const of = (text: string | null | undefined) => BigInt(text ?? '0');

/** The batches of the index, added up. */
export function batchBook({ batchesAggregate: [all] }: FleetTotalsQuery): Book {
  return {
    batches: of(all?.count),
    rides: of(all?.sum.rideCount),
    gross: of(all?.sum.gross),
    drivers: of(all?.sum.drivers),
    platform: of(all?.sum.platform),
    thirdParties: of(all?.sum.thirdParties),
  };
}

/** The rides of the index, added up: they know nothing of batches. */
export function rideBook({ ridesAggregate: [all] }: FleetTotalsQuery): Book {
  return {
    batches: null,
    rides: of(all?.count),
    gross: of(all?.sum.fare) + of(all?.sum.tolls),
    drivers: of(all?.sum.driverShare),
    platform: of(all?.sum.platform),
    thirdParties: of(all?.sum.thirdParties),
  };
}

/** Whether all books that have a line say the same. */
export function agrees(line: Line, books: readonly Book[]): boolean {
  const said = books.map((book) => book[line]).filter((value) => value !== null);
  return said.every((value) => value === said[0]);
}

/** The account that a company's rides are paid from: `modl`, the pallet's id, `clearing` and the company's number. */
export function clearingAccount(company: number): string {
  const number = new DataView(new ArrayBuffer(4));
  number.setUint32(0, company, true);
  const digits = Array.from(new Uint8Array(number.buffer), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );
  return `0x6d6f646c736c2f7269646573636c656172696e67${digits}`.padEnd(66, '0');
}

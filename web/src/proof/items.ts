/**
 * The bytes of items, as a checkpoint has their hash: integers big-endian, all fields in order (docs/bridge.md, "The bytes
 * of items"; primitives/src/receipt.rs and telemetry.rs, pallets/vehicles/src/item.rs).
 */

import type { AnchorItem, Batch, Receipt, Vehicle } from './bundle';
import { bigEndian, bytesOf, joined, utf8 } from './bytes';
import { keccak } from './hash';
import { Refused } from './refusal';

/** The byte in front of an item's hash in a checkpoint. */
export const KIND = { batch: 1, vehicle: 2, anchor: 3 } as const;

const RIDES: readonly Receipt['kind'][] = ['trip', 'cancelled'];
const CLASSES: readonly Vehicle['class'][] = [
  'economy',
  'comfort',
  'premium',
  'van',
  'light_truck',
  'heavy_truck',
  'refrigerated',
];
const STATUSES: readonly Vehicle['status'][] = ['in_service', 'out_of_service', 'scrapped'];
const VIN_BYTES = 17;
const PLATE_BYTES = 16;
const MODEL_BYTES = 32;

const u8 = (value: number): Uint8Array => bigEndian(value, 1);
const u16 = (value: number): Uint8Array => bigEndian(value, 2);
const u32 = (value: number): Uint8Array => bigEndian(value, 4);
const u64 = (value: bigint | string): Uint8Array => bigEndian(BigInt(value), 8);
const u128 = (value: bigint): Uint8Array => bigEndian(value, 16);

/** What a leaf of the checkpoint holds of an item: its kind, and its hash. */
export function checkpointLeaf(kind: keyof typeof KIND, item: Uint8Array): Uint8Array {
  return joined([u8(KIND[kind]), keccak(item)]);
}

/** A receipt in its batch: 107 bytes. */
export function receiptBytes(receipt: Receipt, batch: Batch): Uint8Array {
  return joined([
    u32(batch.company),
    u64(batch.number),
    u64(receipt.order),
    u32(receipt.driver),
    bytesOf(receipt.account),
    u32(receipt.tariff),
    u8(RIDES.indexOf(receipt.kind)),
    u64(receipt.pickup),
    u32(receipt.distance_m),
    u32(receipt.duration_s),
    u32(receipt.waiting_s),
    u16(receipt.surge_permille),
    u64(receipt.fare),
    u64(receipt.tolls),
    u64(receipt.driver_share),
  ]);
}

/** A batch that a block settled: 152 bytes. */
export function batchBytes(batch: Batch, block: number): Uint8Array {
  return joined([
    u32(batch.company),
    u64(batch.number),
    u32(batch.city),
    u32(block),
    u32(batch.rides),
    bytesOf(batch.receipts_root),
    bytesOf(batch.evidence_root),
    u128(batch.gross),
    u128(batch.drivers),
    u128(batch.platform),
    u128(batch.third_parties),
  ]);
}

/** A vehicle: 81 bytes. Throws {@link Refused} when a text has a length that no vehicle's has. */
export function vehicleBytes(vehicle: Vehicle): Uint8Array {
  const vin = utf8(vehicle.vin);
  if (vin.length !== VIN_BYTES) throw new Refused({ code: 'vehicle_text', what: 'VIN', bytes: vin.length });
  return joined([
    u32(vehicle.id),
    u32(vehicle.version),
    u32(vehicle.owner),
    u8(CLASSES.indexOf(vehicle.class) + 1),
    u8(STATUSES.indexOf(vehicle.status) + 1),
    vin,
    padded('plate', vehicle.plate, PLATE_BYTES),
    padded('model', vehicle.model, MODEL_BYTES),
  ]);
}

/** An anchor of telemetry: 64 bytes. */
export function anchorBytes(anchor: AnchorItem): Uint8Array {
  return joined([
    u32(anchor.company),
    u64(anchor.number),
    u64(anchor.first_sequence),
    u32(anchor.count),
    bytesOf(anchor.root),
    u64(anchor.closed_at_ms),
  ]);
}

/** The length, then the text with zeros behind. */
function padded(what: 'plate' | 'model', text: string, room: number): Uint8Array {
  const bytes = utf8(text);
  if (bytes.length > room) throw new Refused({ code: 'vehicle_text', what, bytes: bytes.length });
  return joined([u8(bytes.length), bytes, new Uint8Array(room - bytes.length)]);
}

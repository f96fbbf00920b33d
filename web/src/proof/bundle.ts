/**
 * The bundle as a text (docs/proofs.md): what it has, in which order, and its seal.
 *
 * A text is taken when writing what was read gives the same bytes again, so no two texts mean the same.
 */
import { type Hex, hexOf, isHex, lengthOf, utf8 } from './bytes';
import {
  anyBytes,
  digits,
  fixed,
  id64,
  lacking,
  list,
  nullable,
  object,
  type Read,
  text,
  variant,
  whole,
  word,
} from './form';
import { keccak } from './hash';
import { Refused } from './refusal';

/** The longest text that is read, in bytes. A receipt among 100 validators takes 20 KiB. */
export const LONGEST = 4 << 20;

const hash = fixed(32);
const address = fixed(20);

const place = object({ item: whole(32), items: whole(32), partners: list(hash) });

const receipt = object({
  order: id64,
  driver: whole(32),
  account: hash,
  tariff: whole(32),
  kind: word('trip', 'cancelled'),
  pickup: digits(64),
  distance_m: whole(32),
  duration_s: whole(32),
  waiting_s: whole(32),
  surge_permille: whole(16),
  fare: digits(64),
  tolls: digits(64),
  driver_share: digits(64),
});

const batch = object({
  company: whole(32),
  number: id64,
  city: whole(32),
  rides: whole(32),
  receipts_root: hash,
  evidence_root: hash,
  gross: digits(128),
  drivers: digits(128),
  platform: digits(128),
  third_parties: digits(128),
});

const vehicle = object({
  id: whole(32),
  version: whole(32),
  owner: whole(32),
  class: word('economy', 'comfort', 'premium', 'van', 'light_truck', 'heavy_truck', 'refrigerated'),
  status: word('in_service', 'out_of_service', 'scrapped'),
  vin: text,
  plate: text,
  model: text,
});

const anchor = object({
  company: whole(32),
  number: id64,
  first_sequence: digits(64),
  count: whole(32),
  root: hash,
  closed_at_ms: digits(64),
  place,
});

const storage = object({
  key: anyBytes,
  value: nullable(anyBytes),
  header: anyBytes,
  nodes: list(anyBytes),
});

const item = variant({
  receipt: object({ receipt, row: whole(32), partners: list(hash), batch, place }),
  vehicle: object({ vehicle, place }),
  anchor,
  storage,
});

const leaf = object({
  version: whole(8),
  parent_number: whole(32),
  parent_hash: hash,
  next_set: object({ id: id64, len: whole(32), root: hash }),
  extra: hash,
});

const commitment = object({
  payload: list(object({ id: fixed(2), data: anyBytes })),
  block: whole(32),
  set: id64,
});

const signature = object({ by: whole(32), signature: fixed(65) });

const ethereum = object({ chain_id: digits(64), contract: address, transaction: hash, block: digits(64) });

const bundle = object({
  format: word('smartlink-proof-1'),
  item,
  leaf,
  mmr: list(hash),
  commitment,
  signatures: list(signature),
  validators: list(address),
  ethereum: lacking(ethereum),
});

/** What proves one item. Fields have the names of the file; amounts are in units of 10⁻⁶ CNY. */
export type Bundle = Read<typeof bundle>;
/** What is proven, by its kind. */
export type Item = Read<typeof item>;
/** What a ride paid to whom, and its way to the checkpoint. */
export type ReceiptItem = Extract<Item, { kind: 'receipt' }>['body'];
/** What a ride paid to whom. Company and batch are those of its batch. Pick-up in seconds of the Unix epoch. */
export type Receipt = Read<typeof receipt>;
/** A settled batch. Its block is the one that the leaf is about. */
export type Batch = Read<typeof batch>;
/** A vehicle after a change. */
export type Vehicle = Read<typeof vehicle>;
/** The root over a batch of telemetry, and its place. */
export type AnchorItem = Read<typeof anchor>;
/** What the state held under a key: `value` is `null` when it held nothing. */
export type StorageItem = Read<typeof storage>;
/** Where an item stands in the checkpoint of its block. */
export type Place = Read<typeof place>;
/** The leaf that a block added to the MMR, about the block before it. */
export type Leaf = Read<typeof leaf>;
/** What the validators signed. */
export type Commitment = Read<typeof commitment>;
/** The signature of a validator: r, s, and the parity of the point. */
export type Signature = Read<typeof signature>;
/** Where the root is said to be on Ethereum. The seal alone covers it. */
export type OnEthereum = Read<typeof ethereum>;

const SEAL = ',"seal":"';
/** Bytes of `,"seal":"0x…"}`. */
const TAIL = SEAL.length + 66 + 2;

/** The text of a bundle, with its seal. */
export function textOf(of: Bundle): string {
  return sealed(bundle.write(of));
}

/** Puts its seal on the text of an object. */
export function sealed(body: string): string {
  return `${body.slice(0, -1)}${SEAL}${hexOf(keccak(utf8(body)))}"}`;
}

/** A text's seal, as it is written and as it should be, and what it covers. */
export interface Sealed {
  readonly text: string;
  readonly body: string;
  readonly written: Hex;
  readonly found: Hex;
}

/** Takes the seal off a text. Throws {@link Refused} when there is none. */
export function unseal(bytes: Uint8Array): Sealed {
  if (bytes.length > LONGEST) throw new Refused({ code: 'too_long', bytes: bytes.length });
  const whole = decoded(bytes);
  // What is not ASCII has more bytes than characters, and is no seal.
  const tail = whole.slice(-TAIL);
  const written = tail.slice(SEAL.length, -2);
  const isOne = tail.startsWith(SEAL) && tail.endsWith('"}') && isHex(written) && lengthOf(written) === 32;
  if (!isOne) throw new Refused({ code: 'no_seal' });
  const front = bytes.subarray(0, bytes.length - TAIL);
  const found = hexOf(keccak(front, utf8('}')));
  return { text: whole, body: `${whole.slice(0, -TAIL)}}`, written, found };
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refused({ code: 'no_seal' });
  }
}

/** Reads what a seal covers. Throws {@link Refused} when it is broken, or the text is not the one text of what it says. */
export function parse({ text: whole, body, written, found }: Sealed): Bundle {
  if (written !== found) throw new Refused({ code: 'broken_seal', written, found });
  const read = bundle.read(json(body), '');
  const again = textOf(read);
  if (again !== whole) throw new Refused({ code: 'other_text', byte: sameBytes(again, whole) });
  return read;
}

function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new Refused({ code: 'unread', at: '', wanted: { kind: 'json' } });
  }
}

function sameBytes(one: string, other: string): number {
  const [left, right] = [utf8(one), utf8(other)];
  const at = left.findIndex((byte, place) => byte !== right[place]);
  return at < 0 ? left.length : at;
}

/** A chain in small, made by other means than the verifier's: keys that sign, trees and mountains by recursion, a trie by its format. */
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Batch, Bundle, Commitment, Item, Leaf, Place, Receipt, Vehicle } from '../../bundle';
import type { Hex } from '../../bytes';
import { be, blake2Of, keccakOf, le } from './hashes';
import { Mountain } from './mountain';
import { type Entry, State } from './state';
import { Tree } from './tree';
import { Validators } from './validators';

/** The block of every item. */
export const BLOCK = 77;
/** The block whose root is signed. */
export const SIGNED = 105;
/** The number of the set that signs. */
export const SET = '9';

const text = (bytes: Uint8Array): Hex => `0x${bytesToHex(bytes)}`;
const repeated = (byte: string): Hex => `0x${byte.repeat(32)}`;

/** Four, of whom three sign. */
export function validators(): Validators {
  return new Validators(4, 'ours');
}

/** Signs a bundle anew: what somebody who has the keys could sign, or has signed somewhere else. */
export function signed(bundle: Bundle, by: Validators, who: readonly number[]): Bundle {
  return { ...bundle, signatures: by.sign(bundle.commitment, who) };
}

/** The checkpoint with an item at place 1 of 3: its root, and the item's place. */
function checkpoint(kind: number, item: string): { readonly root: Hex; readonly place: Place } {
  const other = `02${'07'.repeat(32)}`;
  const tree = new Tree([other, be(kind, 1) + keccakOf(item).slice(2), other]);
  return { root: tree.root(), place: { item: 1, items: 3, partners: tree.partners(1) } };
}

/** A bundle of an item whose checkpoint root, or whose block's hash, is given. */
export function bundleOf(
  item: Item,
  extra: Hex,
  parentHash: Hex = repeated('08'),
  by: Validators = validators(),
  who: readonly number[] = [0, 1, 3],
  block = BLOCK,
): Bundle {
  const set = by.addresses();
  const next = { id: '10', len: set.length, root: by.root() };
  const leaf: Leaf = { version: 0, parent_number: block, parent_hash: parentHash, next_set: next, extra };
  const leaves = Array.from({ length: SIGNED }, (_, n) => keccakOf(le(n, 4)));
  leaves[block] = keccakOf(
    be(leaf.version, 1),
    le(block, 4),
    parentHash,
    le(10, 8),
    le(next.len, 4),
    next.root,
    extra,
  );
  const mountain = new Mountain(leaves);
  const commitment: Commitment = {
    payload: [{ id: '0x6d68', data: mountain.root() }],
    block: SIGNED,
    set: SET,
  };
  return {
    format: 'smartlink-proof-1',
    item,
    leaf,
    mmr: mountain.proof(block),
    commitment,
    signatures: by.sign(commitment, who),
    validators: set,
    ethereum: null,
  };
}

function receiptOf(row: number): Receipt {
  return {
    order: String((1n << 60n) + BigInt(row)),
    driver: row,
    account: repeated(be(row, 1)),
    tariff: 2,
    kind: 'trip',
    pickup: 1_795_394_400n,
    distance_m: 5_000,
    duration_s: 900,
    waiting_s: 30,
    surge_permille: 1_200,
    fare: 30_000_000n,
    tolls: 5_000_000n,
    driver_share: 29_000_000n,
  };
}

function receiptHex(receipt: Receipt, { company, number }: Batch): string {
  return [
    be(company, 4) + be(BigInt(number), 8) + be(BigInt(receipt.order), 8) + be(receipt.driver, 4),
    receipt.account.slice(2) + be(receipt.tariff, 4) + be(receipt.kind === 'trip' ? 0 : 1, 1),
    be(receipt.pickup, 8) + be(receipt.distance_m, 4) + be(receipt.duration_s, 4),
    be(receipt.waiting_s, 4) + be(receipt.surge_permille, 2),
    be(receipt.fare, 8) + be(receipt.tolls, 8) + be(receipt.driver_share, 8),
  ].join('');
}

/** The last row of a batch of eleven, which has a short proof. */
export function receipt(by: Validators = validators(), who: readonly number[] = [0, 1, 3]): Bundle {
  const amounts = { gross: 385_000_000n, drivers: 319_000_000n, platform: 66_000_000n, third_parties: 0n };
  const about = { company: 1, number: '9', city: 440_300, rides: 11, evidence_root: repeated('03') };
  const unrooted: Batch = { ...about, receipts_root: repeated('00'), ...amounts };
  const tree = new Tree(Array.from({ length: 11 }, (_, row) => receiptHex(receiptOf(row), unrooted)));
  const { company, number, city, rides, evidence_root } = about;
  const batch: Batch = {
    company,
    number,
    city,
    rides,
    receipts_root: tree.root(),
    evidence_root,
    ...amounts,
  };
  const bytes = [
    be(company, 4) + be(BigInt(number), 8) + be(city, 4) + be(BLOCK, 4) + be(rides, 4),
    batch.receipts_root.slice(2) + evidence_root.slice(2),
    ...[batch.gross, batch.drivers, batch.platform, batch.third_parties].map((amount) => be(amount, 16)),
  ].join('');
  const { root, place } = checkpoint(1, bytes);
  const body = { receipt: receiptOf(10), row: 10, partners: tree.partners(10), batch, place };
  return bundleOf({ kind: 'receipt', body }, root, repeated('08'), by, who);
}

/** A vehicle whose texts have quotes and letters of several bytes. */
export function vehicle(): Bundle {
  const about: Vehicle = {
    id: 12,
    version: 3,
    owner: 2,
    class: 'comfort',
    status: 'out_of_service',
    vin: 'LSVAA4182E2123456',
    plate: '粤B12345',
    model: 'BYD "Han"',
  };
  const padded = (said: string, room: number): string => {
    const bytes = utf8ToBytes(said);
    return be(bytes.length, 1) + bytesToHex(bytes).padEnd(room * 2, '0');
  };
  const bytes = [be(12, 4) + be(3, 4) + be(2, 4) + be(2, 1) + be(2, 1), bytesToHex(utf8ToBytes(about.vin))];
  const { root, place } = checkpoint(
    2,
    [...bytes, padded(about.plate, 16), padded(about.model, 32)].join(''),
  );
  return bundleOf({ kind: 'vehicle', body: { vehicle: about, place } }, root);
}

/** An anchor of telemetry, of any block: its bytes do not have the block. */
export function anchor(block = BLOCK): Bundle {
  const root = repeated('05');
  const bytes = be(7, 4) + be(4, 8) + be(1_001, 8) + be(500, 4) + root.slice(2) + be(1_795_394_400_000, 8);
  const { root: extra, place } = checkpoint(3, bytes);
  const numbers = { first_sequence: 1_001n, count: 500, root, closed_at_ms: 1_795_394_400_000n };
  return bundleOf(
    { kind: 'anchor', body: { company: 7, number: '4', ...numbers, place } },
    extra,
    repeated('08'),
    validators(),
    [0, 1, 3],
    block,
  );
}

/** The state of the bundles of values. */
export function state(): State {
  const named: readonly Entry[] = [
    [utf8ToBytes('balances: alice'), new Uint8Array(100).fill(0xab)],
    [utf8ToBytes('balances: bob'), new Uint8Array(16).fill(1)],
    [utf8ToBytes('balances'), new Uint8Array(8).fill(2)],
  ];
  const others = Array.from({ length: 40 }, (_, n): Entry => {
    return [Uint8Array.of(n, n ^ 0x5a, 0x77, n), new Uint8Array(20 + n).fill(n)];
  });
  return new State([...named, ...others]);
}

/** The header of the block with a state, in SCALE: 77 as a compact integer of two bytes. */
export function headerOf(stateRoot: Uint8Array): Uint8Array {
  const number = [((BLOCK << 2) | 1) & 255, BLOCK >> 6];
  return Uint8Array.from([
    ...new Uint8Array(32).fill(1),
    ...number,
    ...stateRoot,
    ...new Uint8Array(32).fill(2),
    0,
  ]);
}

/** What a state has under a key. */
export function storage(key: Uint8Array, of: State = state()): Bundle {
  const { value, nodes } = of.way(key);
  const header = headerOf(of.root);
  const said = value === null ? null : text(value);
  const body = { key: text(key), value: said, header: text(header), nodes: nodes.map(text) };
  return bundleOf({ kind: 'storage', body }, repeated('04'), text(blake2Of(header)));
}

/** One of each kind. */
export function all(): readonly (readonly [string, Bundle])[] {
  const ethereum = {
    chain_id: 1n,
    contract: `0x${'11'.repeat(20)}`,
    transaction: repeated('22'),
    block: 21_000_000n,
  } as const;
  return [
    ['receipt', receipt()],
    ['receipt that is on Ethereum', { ...receipt(), ethereum }],
    ['vehicle', vehicle()],
    ['anchor', anchor()],
    ['value with a hash', storage(utf8ToBytes('balances: alice'))],
    ['value in its node', storage(utf8ToBytes('balances: bob'))],
    ['no value', storage(utf8ToBytes('balances: eve'))],
  ];
}

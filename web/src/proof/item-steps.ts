/** The way from what is proven to the leaf: to its checkpoint root, or by the header of its block to the hash of that. */
import type { AnchorItem, Item, Leaf, Place, ReceiptItem, StorageItem, Vehicle } from './bundle';
import { bytesOf, type Hex, hexOf } from './bytes';
import { blake2, keccak } from './hash';
import { anchorBytes, batchBytes, checkpointLeaf, type KIND, receiptBytes, vehicleBytes } from './items';
import { Refused } from './refusal';
import { Reader } from './scale';
import { type Notes, type Step, step } from './step';
import * as tree from './tree';
import * as trie from './trie';

/** Every step from an item to the leaf about its block. */
export function* itemSteps(item: Item, leaf: Leaf): Generator<Step, void> {
  switch (item.kind) {
    case 'receipt':
      yield* receiptSteps(item.body, leaf);
      break;
    case 'vehicle':
      yield* vehicleStep(item.body.vehicle, item.body.place, leaf);
      break;
    case 'anchor':
      yield* anchorStep(item.body, leaf);
      break;
    case 'storage':
      yield* storageSteps(item.body, leaf);
      break;
  }
}

function* receiptSteps(
  { receipt, row, partners, batch, place }: ReceiptItem,
  leaf: Leaf,
): Generator<Step, void> {
  yield* step('receipt', (notes) => {
    notes.from('order', receipt.order);
    notes.from('row', row);
    notes.from('rides', batch.rides);
    notes.from('partners', partners.length);
    notes.from('batch_root', batch.receipts_root);
    const hash = tree.leafOf(row, receiptBytes(receipt, batch));
    notes.computed('leaf_hash', hexOf(hash));
    const found = tree.rootOf(hash, row, batch.rides, partners);
    notes.computed('batch_root', found);
    if (found !== batch.receipts_root) throw new Refused({ code: 'path', why: 'root' });
  });
  yield* step('batch', (notes) => {
    inCheckpoint(notes, 'batch', batchBytes(batch, leaf.parent_number), place, leaf);
  });
}

function vehicleStep(vehicle: Vehicle, place: Place, leaf: Leaf): Generator<Step, void> {
  return step('vehicle', (notes) => inCheckpoint(notes, 'vehicle', vehicleBytes(vehicle), place, leaf));
}

function anchorStep(anchor: AnchorItem, leaf: Leaf): Generator<Step, void> {
  return step('anchor', (notes) => inCheckpoint(notes, 'anchor', anchorBytes(anchor), anchor.place, leaf));
}

/** From the bytes of an item to the checkpoint root of its block. */
function inCheckpoint(
  notes: Notes,
  kind: keyof typeof KIND,
  bytes: Uint8Array,
  place: Place,
  leaf: Leaf,
): void {
  const { item, items, partners } = place;
  notes.from('block', leaf.parent_number);
  notes.from('place', item);
  notes.from('items', items);
  notes.from('partners', partners.length);
  notes.from('checkpoint_root', leaf.extra);
  notes.computed('item_hash', hexOf(keccak(bytes)));
  const found = tree.rootOf(tree.leafOf(item, checkpointLeaf(kind, bytes)), item, items, partners);
  notes.computed('checkpoint_root', found);
  if (found !== leaf.extra) throw new Refused({ code: 'path', why: 'root' });
}

function* storageSteps(item: StorageItem, leaf: Leaf): Generator<Step, void> {
  const stateRoot = yield* step('header', (notes) => {
    notes.from('block', leaf.parent_number);
    notes.from('block_hash', leaf.parent_hash);
    const hash = blake2(bytesOf(item.header));
    notes.computed('header_hash', hash);
    const { number, root } = headerOf(bytesOf(item.header));
    notes.computed('header_number', number);
    notes.computed('state_root', root);
    if (number !== leaf.parent_number || hash !== leaf.parent_hash) {
      throw new Refused({ code: 'other_header', number, hash, of: leaf.parent_hash });
    }
    return root;
  });
  yield* step('state', (notes) => {
    notes.from('state_root', stateRoot);
    notes.from('key', item.key);
    notes.from('nodes', item.nodes.length);
    const found = trie.find(stateRoot, item.key, item.nodes);
    if (found.kind === 'hashed') notes.computed('value_hash', found.hash);
    if (found.kind === 'value') notes.computed('value_hash', blake2(found.value));
    if (!isValue(found, item.value)) throw new Refused({ code: 'state_other_value' });
  });
}

function isValue(found: trie.Found, said: Hex | null): boolean {
  switch (found.kind) {
    case 'nothing':
      return said === null;
    case 'value':
      return said === hexOf(found.value);
    case 'hashed':
      return said !== null && blake2(bytesOf(said)) === found.hash;
  }
}

/** What a header in SCALE says: parent hash, height (compact), state root, extrinsics root, digest. */
function headerOf(bytes: Uint8Array): { readonly number: number; readonly root: Hex } {
  const reader = new Reader(bytes, () => new Refused({ code: 'header' }));
  reader.take(32);
  const number = reader.compact();
  const root = hexOf(reader.take(32));
  reader.take(32);
  return { number, root };
}

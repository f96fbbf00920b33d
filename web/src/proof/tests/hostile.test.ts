/** What a liar would hand in: refused, each for its own reason. The names are those of indexer/proofs/tests/hostile.rs. */
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { type Bundle, type Hex, type Refusal, type Trust, type Verification, verify } from '..';
import { textOf } from '../bundle';
import { hexOf, utf8 } from '../bytes';
import { find } from '../trie';
import { blake2Of } from './support/hashes';
import * as small from './support/small';
import { Validators } from './support/validators';

const ours = small.validators();
const trust: Trust = { root: ours.root(), set: small.SET };

function checked(bundle: Bundle, under: Trust | null = trust): Verification {
  return verify(utf8(textOf(bundle)), under);
}

function refused(bundle: Bundle, under: Trust | null = trust): Refusal | null {
  const { verdict } = checked(bundle, under);
  return verdict.kind === 'refused' ? verdict.why : null;
}

/** The body of a receipt's item, changed. */
function receiptWith(change: Partial<Extract<Bundle['item'], { kind: 'receipt' }>['body']>): Bundle {
  const bundle = small.receipt();
  if (bundle.item.kind !== 'receipt') throw new Error('it is no receipt');
  return { ...bundle, item: { kind: 'receipt', body: { ...bundle.item.body, ...change } } };
}

function storageWith(change: Partial<Extract<Bundle['item'], { kind: 'storage' }>['body']>): Bundle {
  const bundle = small.storage(utf8ToBytes('balances: bob'));
  if (bundle.item.kind !== 'storage') throw new Error('it is no value');
  return { ...bundle, item: { kind: 'storage', body: { ...bundle.item.body, ...change } } };
}

describe('signatures', () => {
  it('too few signatures prove nothing', () => {
    const three = new Validators(3, 'three');
    const under: Trust = { root: three.root(), set: null };
    const too_few = { code: 'too_few', signed: 2, validators: 3, wanted: 3 };
    expect(refused(small.receipt(three, [0, 2]), under)).toEqual(too_few);
    expect(checked(small.receipt(three, [0, 1, 2]), under).verdict.kind).toBe('proven');
    const of_four = { code: 'too_few', validators: 4, wanted: 3 };
    expect(refused(small.signed(small.receipt(), ours, [1, 2]))).toEqual({ ...of_four, signed: 2 });
    expect(refused(small.signed(small.receipt(), ours, []))).toEqual({ ...of_four, signed: 0 });
  });

  it('a validator signs once and in turn', () => {
    const out_of_turn = { code: 'order', place: 2, by: 1 };
    expect(refused(small.signed(small.receipt(), ours, [0, 1, 1, 3]))).toEqual(out_of_turn);
    expect(refused(small.signed(small.receipt(), ours, [0, 3, 1]))).toEqual(out_of_turn);

    // The same key under two numbers.
    const own = small.receipt();
    const [first, second] = own.signatures;
    if (first === undefined || second === undefined) throw new Error('nobody signed');
    const copied = { ...own, signatures: [first, second, { ...second, by: 2 }] };
    expect(refused(copied)).toMatchObject({ code: 'other_signer', by: 2 });
    const twice = own.validators[1] ?? '0x';
    const doubled = { ...copied, validators: own.validators.with(2, twice) };
    expect(refused(doubled)).toEqual({ code: 'set_twice', validator: twice });

    const stranger = { ...own, signatures: [first, second, { ...second, by: 4 }] };
    expect(refused(stranger)).toEqual({ code: 'stranger', place: 2, by: 4, validators: 4 });
  });

  it('the second form of a signature is refused', () => {
    const own = small.receipt();
    const [first, ...others] = own.signatures;
    if (first === undefined) throw new Error('nobody signed');
    const { signature } = first;
    const as = (form: Hex): Refusal | null =>
      refused({ ...own, signatures: [{ by: 0, signature: form }, ...others] });
    const order = secp256k1.Point.Fn.ORDER;
    const high = (order - BigInt(`0x${signature.slice(66, 130)}`)).toString(16).padStart(64, '0');
    const mirrored = signature.endsWith('00') ? '01' : '00';
    expect(as(`${signature.slice(0, 66)}${high}${mirrored}` as Hex)).toEqual({
      code: 'no_signer',
      by: 0,
      why: 'high_s',
    });
    const noForm = { code: 'no_signer', by: 0, why: 'form' };
    for (const parity of ['02', '03', '1b', '1c', 'ff']) {
      expect(as(`${signature.slice(0, -2)}${parity}` as Hex)).toEqual(noForm);
    }
    const whole = order.toString(16);
    expect(as(`0x${'00'.repeat(65)}`)).toEqual(noForm);
    expect(as(`0x${whole}${signature.slice(66)}`)).toEqual(noForm);
    expect(as(`0x${signature.slice(2, 66)}${whole}00`)).toEqual(noForm);
    // 5 is the first coordinate of no point.
    expect(as(`0x${'5'.padStart(64, '0')}${signature.slice(66)}`)).toEqual({
      code: 'no_signer',
      by: 0,
      why: 'no_key',
    });
  });

  it('signatures of another commitment prove nothing', () => {
    const own = small.receipt();
    const later = { ...own.commitment, set: '10' };
    const lent = { ...own, signatures: ours.sign(later, [0, 1, 3]) };
    expect(refused(lent)).toMatchObject({ code: 'other_signer', by: 0 });

    // Of another set's number, where one is trusted.
    const whole = { ...lent, commitment: later };
    expect(refused(whole)).toEqual({ code: 'other_set_number', set: '10', trusted: '9' });
    expect(checked(whole, { ...trust, set: null }).verdict.kind).toBe('proven');
  });

  it('the validators of another chain prove nothing', () => {
    const theirs = new Validators(4, 'theirs');
    const bundle = small.receipt(theirs, [0, 1, 2, 3]);
    // They have signed it, which is all that can be said without knowing whom to trust.
    expect(checked(bundle, null).verdict.kind).toBe('set_from_bundle');
    expect(refused(bundle)).toMatchObject({ code: 'other_set', root: theirs.root(), trusted: trust.root });

    const own = small.receipt();
    const nobody = { ...own, validators: own.validators.with(2, `0x${'00'.repeat(20)}`) };
    expect(refused(nobody)).toEqual({ code: 'set_nobody', place: 2 });
    expect(refused({ ...own, validators: [] })).toEqual({ code: 'set_size', validators: 0 });
  });

  it('a payload names one root', () => {
    const own = small.receipt();
    const as = (...payload: Bundle['commitment']['payload']): string | undefined => {
      const bundle = { ...own, commitment: { ...own.commitment, payload } };
      return refused(small.signed(bundle, ours, [0, 1, 3]))?.code;
    };
    const root = (byte: string, length: number): Bundle['commitment']['payload'][number] => {
      return { id: '0x6d68', data: `0x${byte.repeat(length)}` };
    };
    expect(as()).toBe('payload_missing');
    expect(as(root('01', 31))).toBe('payload_missing');
    expect(as(root('01', 33))).toBe('payload_missing');
    expect(as(root('01', 32), root('02', 32))).toBe('payload_order');
    expect(as({ id: '0x7a7a', data: '0x' }, root('02', 32))).toBe('payload_order');
    expect(as(root('01', 32))).toBe('other_root');
    // As many entries as there are ids.
    const all = Array.from({ length: 1 << 16 }, (_, n): Bundle['commitment']['payload'][number] => {
      const id: Hex = `0x${n.toString(16).padStart(4, '0')}`;
      return { id, data: id === '0x6d68' ? own.leaf.extra : '0x' };
    });
    const many = { ...own, commitment: { ...own.commitment, payload: all } };
    expect(refused(many)?.code).toBe('other_root');
  });
});

describe('ways', () => {
  it('a leaf that is not in the signed mountain is refused', () => {
    const own = small.receipt();
    const early = { ...own, commitment: { ...own.commitment, block: small.BLOCK } };
    const index = { code: 'mmr_index', index: small.BLOCK, count: small.BLOCK };
    expect(refused(small.signed(early, ours, [0, 1, 3]))).toEqual(index);

    // Another count with as many peaks has a proof of the same length: the height that was signed forbids it.
    const longer = { ...own, mmr: [...own.mmr, own.leaf.extra] };
    expect(refused(longer)).toMatchObject({ code: 'mmr_length', found: own.mmr.length + 1 });
    expect(refused({ ...own, mmr: [] })).toMatchObject({ code: 'mmr_length', found: 0 });
  });

  it('a short proof of the last row holds at one place', () => {
    for (let row = 0; row < 40; row += 1) {
      const why = refused(receiptWith({ row }));
      if (row === 10) expect(why).toBeNull();
      else if (row < 10) expect(['length', 'root']).toContain(why?.code === 'path' ? why.why : '');
      else expect(why).toEqual({ code: 'path', why: 'index' });
    }
    const { item } = small.receipt();
    if (item.kind !== 'receipt') throw new Error('it is no receipt');
    const { partners, place, receipt } = item.body;
    const superfluous = { code: 'path', why: 'length' };
    expect(refused(receiptWith({ partners: [...partners, receipt.account] }))).toEqual(superfluous);
    const longer = { ...place, partners: [...place.partners, receipt.account] };
    expect(refused(receiptWith({ place: longer }))).toEqual(superfluous);
  });

  it('an item of another kind is refused', () => {
    const { item, ...rest } = small.anchor();
    if (item.kind !== 'anchor') throw new Error('it is no anchor');
    const receipt = small.receipt().item;
    if (receipt.kind !== 'receipt') throw new Error('it is no receipt');
    const { place } = item.body;
    const other = { ...rest, item: { ...receipt, body: { ...receipt.body, place } } };
    expect(refused(other)).toEqual({ code: 'path', why: 'root' });
  });

  it('the header of another block is refused', () => {
    const { item } = small.storage(utf8ToBytes('balances: bob'));
    if (item.kind !== 'storage') throw new Error('it is no value');
    const { header, nodes } = item.body;
    const changed: Hex = `0x${header.slice(2, 82)}ff${header.slice(84)}`;
    expect(refused(storageWith({ header: changed }))).toMatchObject({ code: 'other_header' });
    expect(refused(storageWith({ header: `0x${header.slice(2, 102)}` }))).toEqual({ code: 'header' });
    expect(refused(storageWith({ nodes: nodes.slice(1) }))).toMatchObject({ code: 'state_node' });
    expect(refused(storageWith({ nodes: [...nodes, '0x00'] }))).toEqual({ code: 'state_superfluous' });
    expect(refused(storageWith({ value: null }))).toEqual({ code: 'state_other_value' });
  });

  it('the header of another height is refused, whatever hash the leaf has', () => {
    const { root } = small.state();
    const header = small.headerOf(root).with(32, (((small.BLOCK + 1) << 2) & 255) | 1);
    const { item, leaf } = small.storage(utf8ToBytes('balances: bob'));
    if (item.kind !== 'storage') throw new Error('it is no value');
    const body = { ...item.body, header: hexOf(header) };
    const bundle = small.bundleOf({ kind: 'storage', body }, leaf.extra, hexOf(blake2Of(header)));
    expect(refused(bundle)).toMatchObject({ code: 'other_header', number: small.BLOCK + 1 });
  });

  it.each([
    ['a leaf with a byte behind it', [0x41, 0x01, 0x04, 0x07, 0x00]],
    ['a leaf that ends too early', [0x41, 0x01, 0x08, 0x07]],
    ['an odd nibble with another in front', [0x41, 0x11, 0x04, 0x07]],
    ['a length that is not in its shortest form', [0x41, 0x01, 0x05, 0x00, 0x07]],
    ['a length of four bytes that is not', [0x41, 0x01, 0x06, 0x00, 0x00, 0x00, 0x07]],
    ['a length of 32 bits that is not', [0x41, 0x01, 0x03, 0x01, 0x00, 0x00, 0x00, 0x07]],
    ['a kind that there is none of', [0x08, 0x01]],
    ['an empty node with something behind', [0x00, 0x00]],
    ['nothing', []],
  ])('a node of the state that is not written as nodes are is refused: %s', (_, bytes) => {
    const node = Uint8Array.from(bytes);
    const under = (root: Uint8Array, of: Uint8Array) => find(hexOf(blake2Of(root)), '0x10', [hexOf(of)]);
    expect(() => under(node, node)).toThrow('state_form');
    const whole = Uint8Array.of(0x41, 0x01, 0x04, 0x07);
    expect(under(whole, whole)).toEqual({ kind: 'nothing' });
    expect(() => under(whole, node)).toThrow('state_node');
  });
});

import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trustOf, verify } from '..';
import { type Bundle, parse, textOf, unseal } from '../bundle';
import { type Hex, utf8 } from '../bytes';
import { vehicleBytes } from '../items';
import * as mountain from '../mountain';
import * as roster from '../roster';
import * as tree from '../tree';
import { keccakOf } from './support/hashes';
import { Mountain } from './support/mountain';
import * as small from './support/small';
import { type Entry, State } from './support/state';
import { Tree } from './support/tree';
import { Validators } from './support/validators';

const bytes = (hex: string): Uint8Array => hexToBytes(hex.replace('0x', ''));
const any = fc.uint8Array({ maxLength: 40 });
const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const flipped = (hash: Hex): Hex => `0x${hash[2] === '0' ? '1' : '0'}${hash.slice(3)}`;

describe('trees', () => {
  it('prove each leaf at its own place, by its own hashes alone', () => {
    fc.assert(
      fc.property(
        fc.array(any, { minLength: 1, maxLength: 80 }),
        place,
        fc.nat(90),
        fc.nat(90),
        (data, at, other, count) => {
          const built = new Tree(data.map(bytesToHex));
          const index = Math.floor(at * data.length);
          const own = data[index] ?? new Uint8Array();
          const partners = built.partners(index);
          const root = built.root();
          const led = (i: number, n: number, hashes: readonly Hex[]): Hex | null => {
            try {
              return tree.rootOf(tree.leafOf(i, own), i, n, hashes);
            } catch {
              return null;
            }
          };
          expect(led(index, data.length, partners)).toBe(root);
          if (count !== data.length) expect(led(index, count, partners)).not.toBe(root);
          if (other !== index) expect(led(other, data.length, partners)).not.toBe(root);
          expect(led(index, data.length, [...partners, root])).toBeNull();
          const [first, ...rest] = partners;
          if (first !== undefined) {
            expect(led(index, data.length, rest)).toBeNull();
            expect(led(index, data.length, [flipped(first), ...rest])).not.toBe(root);
          }
        },
      ),
    );
  });

  it('let a short proof of a last leaf pass at one place', () => {
    const built = new Tree(['00', '01', '02', '03', '04']);
    const passing = Array.from({ length: 100 }, (_, index) => index).filter((index) => {
      try {
        return (
          tree.rootOf(tree.leafOf(index, Uint8Array.of(4)), index, 5, built.partners(4)) === built.root()
        );
      } catch {
        return false;
      }
    });
    expect(passing).toEqual([4]);
  });
});

describe('mountains', () => {
  it('prove each leaf at its own index, by its own hashes alone', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), place, fc.nat(400), (count, at, other) => {
        const leaves = Array.from({ length: count }, (_, n) => keccakOf(n.toString(16).padStart(8, '0')));
        const index = Math.floor(at * count);
        const leaf = bytes(leaves[index] ?? '');
        const built = new Mountain(leaves);
        const [root, proof] = [built.root(), built.proof(index)];
        const led = (i: number, hashes: readonly Hex[]): Hex | null => {
          try {
            return mountain.rootOf(leaf, i, count, hashes);
          } catch {
            return null;
          }
        };
        expect(led(index, proof)).toBe(root);
        if (other !== index) expect(led(other, proof)).not.toBe(root);
        expect(led(index, [...proof, root])).toBeNull();
        if (proof.length > 0) expect(led(index, proof.slice(1))).toBeNull();
        expect(() => mountain.rootOf(leaf, count, count, proof)).toThrow('mmr_index');
      }),
    );
  });

  /** docs/bridge.md: with h the highest bit in which index and count differ. */
  it('have as many hashes as the bits of index and count say, up to 32 bits', () => {
    const heights = fc.integer({ min: 1, max: 2 ** 32 - 1 });
    fc.assert(
      fc.property(heights, place, (count, at) => {
        const index = Math.floor(at * count);
        const [ones, marks] = [count.toString(2).padStart(32, '0'), index.toString(2).padStart(32, '0')];
        const highest = [...ones].findIndex((bit, place) => bit !== marks[place]);
        const left = [...ones.slice(0, highest)].filter((bit) => bit === '1').length;
        const hasRight = ones.slice(highest + 1).includes('1');
        const wanted = left + (31 - highest) + (hasRight ? 1 : 0);
        const proof = Array.from({ length: wanted }, () => keccakOf('00'));
        expect(mountain.rootOf(bytes(keccakOf('01')), index, count, proof)).toMatch(/^0x[0-9a-f]{64}$/);
        const longer = [...proof, keccakOf('02')];
        expect(() => mountain.rootOf(bytes(keccakOf('01')), index, count, longer)).toThrow('mmr_length');
      }),
    );
  });
});

describe('sets', () => {
  const pool = new Validators(40, 'any').addresses();

  it('are known by their root: nothing can be left out, put in, put elsewhere or be there twice', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 39 }), place, place, (count, a, b) => {
        const set = pool.slice(0, count);
        const [one, two] = [Math.floor(a * count), Math.floor(b * count)];
        const root = roster.rootOf(set);
        const swapped = set.map((own, at) => set[at === one ? two : at === two ? one : at] ?? own);
        expect(roster.rootOf(swapped) === root).toBe(one === two);
        expect(roster.rootOf([...set, `0x${'09'.repeat(20)}`])).not.toBe(root);
        expect(() => roster.rootOf([...set, set[one] ?? '0x'])).toThrow('set_twice');
        if (count > 1) expect(roster.rootOf(set.toSpliced(one, 1))).not.toBe(root);
      }),
    );
  });

  it('have the root that is built from above', () => {
    for (const count of [1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 17, 33, 100]) {
      const set = new Validators(count, 'above');
      expect(roster.rootOf(set.addresses())).toBe(set.root());
    }
  });

  it('have to sign with more than two thirds', () => {
    for (let count = 1; count <= 1_000; count += 1) {
      let least = 0;
      while (3 * least <= 2 * count) least += 1;
      expect(roster.threshold(count)).toBe(least);
    }
  });

  it('have at most 1,000 validators', () => {
    const many = Array.from({ length: 1_001 }, (_, n): Hex => `0x${(n + 1).toString(16).padStart(40, '0')}`);
    expect(roster.rootOf(many.slice(1))).toMatch(/^0x/);
    expect(() => roster.rootOf(many)).toThrow('set_size');
  });
});

describe('states', () => {
  const key = fc.array(fc.nat(3), { maxLength: 4 }).map((nibbles) => Uint8Array.from(nibbles));
  const entries = fc.uniqueArray(fc.tuple(key, any), { maxLength: 30, selector: ([one]) => `${one}` });

  it('are proven: every entry is found, what is not there is not, no node can be left out or put in', () => {
    fc.assert(
      fc.property(entries, key, fc.uint8Array({ maxLength: 200 }), (some, asked, front) => {
        // Keys that are long in common have partial keys that take more than a byte to count.
        const long = (own: Uint8Array): Uint8Array => Uint8Array.from([...front, ...own]);
        const state = new State(some.map(([own, value]): Entry => [long(own), value]));
        for (const own of [...some.slice(0, 4).map(([one]) => one), asked]) {
          const bundle = small.storage(long(own), state);
          if (bundle.item.kind !== 'storage') throw new Error('it is no value');
          const { body } = bundle.item;
          const held = some.find(([one]) => `${one}` === `${own}`)?.[1];
          expect(body.value).toBe(held === undefined ? null : `0x${bytesToHex(held)}`);
          const verdict = (changed: Partial<typeof body>) => {
            const item = { kind: 'storage', body: { ...body, ...changed } } as const;
            return verify(utf8(textOf({ ...bundle, item })), null).verdict;
          };
          expect(verdict({}).kind).toBe('set_from_bundle');
          for (const [at, node] of body.nodes.entries()) {
            expect(verdict({ nodes: body.nodes.toSpliced(at, 1) }).kind).toBe('refused');
            expect(verdict({ nodes: body.nodes.toSpliced(at, 0, node) }).kind).toBe('refused');
          }
          const superfluous = verdict({ nodes: [...body.nodes, '0x00'] });
          expect(superfluous).toMatchObject({ why: { code: 'state_superfluous' } });
          const other = verdict({ value: body.value === null ? '0x' : null });
          expect(other).toMatchObject({ why: { code: 'state_other_value' } });
        }
      }),
      { numRuns: 24 },
    );
  }, 60_000);
});

describe('texts', () => {
  const number = fc.nat(2 ** 32 - 1);
  const long = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((one): Hex => `0x${bytesToHex(one)}`);

  it('say what they were written from', () => {
    const words = fc.string({ unit: 'binary', maxLength: 40 });
    fc.assert(
      fc.property(
        words,
        words,
        number,
        long,
        fc.array(hash, { maxLength: 5 }),
        (plate, model, id, set, mmr) => {
          const made = small.vehicle();
          if (made.item.kind !== 'vehicle') throw new Error('it is no vehicle');
          const vehicle = { ...made.item.body.vehicle, plate, model, id };
          const bundle: Bundle = {
            ...made,
            item: { kind: 'vehicle', body: { ...made.item.body, vehicle } },
            mmr,
            commitment: { ...made.commitment, set: String(set) },
          };
          expect(parse(unseal(utf8(textOf(bundle))))).toEqual(bundle);
        },
      ),
    );
  });

  it('of any bytes are refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (some) => {
        expect(verify(some, null).verdict).toMatchObject({ kind: 'refused', step: 'text' });
      }),
    );
  });
});

describe('a vehicle', () => {
  it('is encoded as the chain does, to the byte', () => {
    const { item } = small.vehicle();
    if (item.kind !== 'vehicle') throw new Error('it is no vehicle');
    const encoded = vehicleBytes(item.body.vehicle);
    expect([...encoded.subarray(0, 14)]).toEqual([0, 0, 0, 12, 0, 0, 0, 3, 0, 0, 0, 2, 2, 2]);
    expect(encoded.subarray(14, 31)).toEqual(utf8ToBytes('LSVAA4182E2123456'));
    expect([encoded[31], encoded[41], encoded[48], encoded[58], encoded.length]).toEqual([9, 0, 9, 0, 81]);
    expect(encoded.subarray(32, 41)).toEqual(utf8ToBytes('粤B12345'));
    const long = { ...item.body.vehicle, plate: '粤B1234567890123' };
    expect(() => vehicleBytes(long)).toThrow('vehicle_text');
  });
});

describe('a hundred validators', () => {
  it('are verified, all of them, in what a phone has patience for', () => {
    const set = new Validators(100, 'many');
    const everybody = Array.from({ length: 100 }, (_, by) => by);
    const text = utf8(textOf(small.receipt(set, everybody)));
    const began = process.cpuUsage();
    const { verdict } = verify(text, trustOf(set.root()));
    const took = process.cpuUsage(began).user / 1_000;
    expect(verdict).toMatchObject({ kind: 'proven', by: { signed: 100, validators: 100 } });
    // Milliseconds of the processor, of which a phone needs some four times as many.
    expect(took).toBeLessThan(1_000);
  });
});

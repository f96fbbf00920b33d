import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LngLat } from './place';
import { circleRing } from './place';
import { closedRing, lineFault, MOST_VERTICES, openRing, ringFault } from './rings';

const yard: LngLat[] = [
  [114, 22],
  [114.01, 22],
  [114.01, 22.01],
  [114, 22.01],
];

test('a yard is an area once it is closed', () => {
  expect(ringFault(yard)).toEqual({ kind: 'not_closed' });
  expect(ringFault(closedRing(yard))).toBeNull();
  expect(openRing(closedRing(yard))).toEqual(yard);
  expect(closedRing(closedRing(yard))).toEqual(closedRing(yard));
});

test('a bow tie crosses itself, and the two edges are named', () => {
  const bow: LngLat[] = [
    [0, 0],
    [1, 1],
    [1, 0],
    [0, 1],
  ];
  expect(ringFault(closedRing(bow))).toEqual({ kind: 'crosses', first: 0, second: 2 });
});

test('an outline that touches itself or runs back over itself is refused', () => {
  const touching: LngLat[] = [
    [0, 0],
    [2, 0],
    [2, 2],
    [1, 0],
    [0, 2],
  ];
  expect(ringFault(closedRing(touching))?.kind).toBe('crosses');
  const back: LngLat[] = [
    [0, 0],
    [2, 0],
    [1, 0],
    [1, 2],
  ];
  expect(ringFault(closedRing(back))?.kind).toBe('crosses');
});

test('what is too short, twice, elsewhere or too wide is named', () => {
  expect(ringFault(closedRing(yard.slice(0, 2)))).toEqual({ kind: 'too_few', least: 3 });
  expect(ringFault(closedRing([[114, 22], ...yard]))).toEqual({ kind: 'twice', at: 1 });
  expect(ringFault(closedRing([...yard, [181, 0]]))).toEqual({ kind: 'not_a_place', at: 4 });
  expect(ringFault(closedRing([...yard, [Number.NaN, 0]]))).toEqual({ kind: 'not_a_place', at: 4 });
  const wide: LngLat[] = [
    [-100, 0],
    [100, 0],
    [0, 50],
  ];
  expect(ringFault(closedRing(wide))).toEqual({ kind: 'too_wide' });
});

test('the API takes 100,000 vertices and no more, and so many are looked at in time', () => {
  const round = circleRing([114, 22], 50_000, MOST_VERTICES - 1);
  expect(round).toHaveLength(MOST_VERTICES);
  expect(ringFault(circleRing([114, 22], 50_000, 20_000))).toBeNull();
  expect(ringFault([...round, [114, 22]])).toEqual({ kind: 'too_many', most: MOST_VERTICES });
});

test('a corridor needs two places', () => {
  expect(lineFault([[114, 22]])).toEqual({ kind: 'too_few', least: 2 });
  expect(lineFault(yard)).toBeNull();
});

test('every star around a middle is an area, whichever way it runs', () => {
  const star = fc.array(fc.double({ min: 0.2, max: 1, noNaN: true }), { minLength: 5, maxLength: 60 });
  fc.assert(
    fc.property(star, fc.boolean(), (reaches, backwards) => {
      const ring = reaches.map((reach, corner): LngLat => {
        const angle = (corner / reaches.length) * 2 * Math.PI;
        return [114 + reach * Math.cos(angle), 22 + reach * Math.sin(angle)];
      });
      expect(ringFault(closedRing(backwards ? ring.reverse() : ring))).toBeNull();
    }),
  );
});

test('two corners changed for each other make a rectangle cross itself', () => {
  const side = fc.double({ min: 0.001, max: 5, noNaN: true });
  fc.assert(
    fc.property(side, side, (wide, high) => {
      const crossed: LngLat[] = [
        [100, 20],
        [100 + wide, 20 + high],
        [100 + wide, 20],
        [100, 20 + high],
      ];
      expect(ringFault(closedRing(crossed))?.kind).toBe('crosses');
    }),
  );
});

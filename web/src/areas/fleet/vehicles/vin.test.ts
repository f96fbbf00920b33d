import { expect, test } from 'vitest';
import { tidyVin, vinFault } from './vin';

test.each(['1M8GDM9AXKP042788', 'LSLSML20700000000', 'LSLSML20300000009'])('%s is a VIN', (vin) => {
  expect(vinFault(vin)).toBeNull();
});

test('a mistyped character is found by the check digit', () => {
  expect(vinFault('LSLSML20700000001')).toMatchObject({ kind: 'digit' });
  expect(vinFault('1M8GDM9A1KP042788')).toEqual({ kind: 'digit', expected: 'X' });
});

test('letters that look like digits and wrong lengths are named', () => {
  expect(vinFault('1M8GDM9AXKPO42788')).toEqual({ kind: 'letter', place: 12 });
  expect(vinFault('1M8')).toEqual({ kind: 'length', count: 3 });
});

test('blanks, wide letters and small letters are mended', () => {
  expect(tidyVin(' 1m8gdm9a xkp042788 ')).toBe('1M8GDM9AXKP042788');
  expect(tidyVin('１Ｍ８')).toBe('1M8');
});

import { expect, test } from 'vitest';
import { clockOf, daysOf, offsetOf } from './windows';

test('days, hours and offsets as people say them', () => {
  expect(daysOf(0b111_1111)).toBe('everyDay');
  expect(daysOf(0b001_1111)).toBe('weekdays');
  expect(daysOf(0b110_0000)).toBe('weekend');
  expect(daysOf(0b100_0001)).toEqual(['mon', 'sun']);
  expect([clockOf(1380), clockOf(300), clockOf(0)]).toEqual(['23:00', '05:00', '00:00']);
  expect([offsetOf(480), offsetOf(-210), offsetOf(0)]).toEqual(['+8', '−3:30', '+0']);
});
